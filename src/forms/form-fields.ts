import type { z } from 'zod'

/** What a schema may say about how a field is shown, by `.meta()`. */
interface FieldMeta {
  control?: string
  options?: readonly string[]
  placeholder?: string
  /** Below "More settings". */
  advanced?: boolean
}

/** One field of a generated form. Label and help are looked up by the form's own text prefix and `name`. */
export interface FormField {
  name: string
  /** Name of the component that edits it: from the schema's metadata, otherwise by the kind of data. */
  control: string
  /** True where leaving it out is refused by the schema. */
  required: boolean
  /** Choices of a select. */
  options: readonly string[]
  placeholder: string
  advanced: boolean
  /** What stands for it where it is left out. */
  fallback: unknown
  /** Most characters of a text; `undefined`: no limit. */
  maxLength: number | undefined
}

/** The fields of an object schema, in the order in which they are declared. */
export function formFields(schema: z.ZodObject): FormField[] {
  const shape: Record<string, z.core.$ZodType> = schema.shape
  return Object.entries(shape).map(([name, field]) => describeField(name, field as z.ZodType))
}

function describeField(name: string, schema: z.ZodType): FormField {
  const layers = unwrap(schema)
  const core = layers.at(-1)!
  const meta: FieldMeta = Object.assign({}, ...layers.toReversed().map((layer) => layer.meta() ?? {}))
  const choices = core.def.type === 'enum' ? Object.values((core as z.ZodEnum).enum).map(String) : []
  return {
    name,
    control: meta.control ?? controlFor(core),
    required: !schema.safeParse(undefined).success,
    options: meta.options ?? choices,
    fallback: schema.safeParse(undefined).data,
    placeholder: meta.placeholder ?? '',
    advanced: meta.advanced ?? false,
    maxLength: core.def.type === 'string' ? ((core as z.ZodString).maxLength ?? undefined) : undefined,
  }
}

/** The schema itself, then what `optional`, `default` and their like wrap, outermost first. */
function unwrap(schema: z.ZodType): z.ZodType[] {
  const layers = [schema]
  for (;;) {
    const { innerType } = layers.at(-1)!.def as { innerType?: z.ZodType }
    if (!innerType) return layers
    layers.push(innerType)
  }
}

function controlFor(schema: z.ZodType): string {
  switch (schema.def.type) {
    case 'number':
    case 'int':
      return 'number'
    case 'boolean':
      return 'switch'
    case 'enum':
      return 'select'
    case 'string':
      return 'text'
    default:
      return 'json'
  }
}
