import { z } from 'zod'
import { elementName, FUNCTION_FILE } from '../graph/function-file.ts'
import { graph } from '../graph/schema.ts'

/** A function as a file; see `nodes/graph/function-file.ts`. */
export const functionFile = z.object({ file: z.literal(FUNCTION_FILE), graph, names: z.array(elementName) })

export const readFunctionFile = z.strictObject({
  /** A function file, or a bare graph. */
  file: z.unknown(),
  /** `<kind> <id of the file>` → id of this server, for what was chosen by hand. */
  mapping: z.record(z.string().max(150), z.string().min(1).max(100)).default({}),
})

/** `target`: what stands for it here; null: nothing of that name, or several. */
export const foundElement = elementName.extend({ target: z.string().nullable() })
export type FoundElement = z.infer<typeof foundElement>

export const readFunctionFileAnswer = z.object({
  /** With the ids of this server where there are any. */
  graph,
  elements: z.array(foundElement),
})
export type ReadFunctionFile = z.infer<typeof readFunctionFileAnswer>

/** A function as readable text. */
export const functionTextAnswer = z.object({ text: z.string() })
export type FunctionTextAnswer = z.infer<typeof functionTextAnswer>
