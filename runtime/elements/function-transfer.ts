import type { RunVersion } from '../../nodes/api/elements.ts'
import type { FoundElement, ReadFunctionFile } from '../../nodes/api/function-files.ts'
import type { Department } from '../../nodes/directory/schema.ts'
import {
  elementsIn,
  FUNCTION_FILE,
  loadFunctionFile,
  replaceElements,
  withoutPhoneNumbers,
} from '../../nodes/graph/function-file.ts'
import type { ElementKind, FunctionFile } from '../../nodes/graph/function-file.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import type { Locale } from '../../nodes/locales/index.ts'
import { functionText } from '../../nodes/outline/function-text.ts'
import { DepartmentPaths } from '../directory/department-paths.ts'
import type { LocalDirectory } from '../directory/local-directory.ts'
import type { FunctionStore } from './functions.ts'
import type { MessageTemplateStore } from './message-templates.ts'
import type { SecretStore } from './secrets.ts'
import type { SmsServiceStore } from './sms-services.ts'

export interface FunctionTransferOptions {
  functions: FunctionStore
  services: SmsServiceStore
  templates: MessageTemplateStore
  directory: LocalDirectory
  secrets: SecretStore
}

/** Takes functions out of a data folder as files and finds what a file names in another one. */
export class FunctionTransfer {
  readonly #on: FunctionTransferOptions

  constructor(options: FunctionTransferOptions) {
    this.#on = options
  }

  /** @throws FlowError `NOT_FOUND` */
  async export(name: string, version: RunVersion = 'draft'): Promise<FunctionFile> {
    const graph = withoutPhoneNumbers(this.#on.functions.graph(name, version))
    const elements = elementsIn(graph)
    const known = await this.#elements(elements)
    const names = elements.map(({ kind, id }) => ({ kind, id, name: known[kind].get(id) ?? '' }))
    return { file: FUNCTION_FILE, graph, names }
  }

  /** One statement per line. @throws FlowError `NOT_FOUND` */
  async text(name: string, version: RunVersion, locale: Locale): Promise<string> {
    const graph = this.#on.functions.graph(name, version)
    const known = await this.#elements(elementsIn(graph))
    return functionText(graph, nodeDefinitions, { locale, nameOf: (kind, id) => known[kind].get(id) })
  }

  /**
   * Reads a file and says what of its names is here: by the same id, else by the same name where only one has it.
   * @param request.mapping `kind id` of the file → id here, for what was chosen by hand
   * @throws GraphError where the file cannot be read
   */
  async read(request: { file: unknown; mapping: Record<string, string> }): Promise<ReadFunctionFile> {
    const { graph, names } = loadFunctionFile(request.file)
    const elements = elementsIn(graph)
    const known = await this.#elements(elements)
    const nameOf = new Map(names.map(({ kind, id, name }) => [`${kind} ${id}`, name]))
    const found = elements.map(({ kind, id }): FoundElement => {
      const key = `${kind} ${id}`
      const name = nameOf.get(key) ?? known[kind].get(id) ?? ''
      const chosen = Object.hasOwn(request.mapping, key) ? request.mapping[key] : undefined
      const target = chosen ?? (known[kind].has(id) ? id : this.#onlyOne(kind, name, known[kind]))
      return { kind, id, name, target: target ?? null }
    })
    const targets = new Map(found.map(({ kind, id, target }) => [`${kind} ${id}`, target]))
    return {
      graph: replaceElements(graph, (kind, id) => targets.get(`${kind} ${id}`) ?? id),
      elements: found,
    }
  }

  #onlyOne(kind: ElementKind, name: string, known: ReadonlyMap<string, string>): string | undefined {
    if (name === '') return undefined
    const ids =
      kind === 'member'
        ? this.#on.directory.memberStore
            .page({ search: name, offset: 0, limit: 100 })
            .members.filter((each) => each.name === name)
            .map(({ id }) => id)
        : [...known].filter(([, each]) => each === name).map(([id]) => id)
    return ids.length === 1 ? ids[0] : undefined
  }

  /** Names by id: of members only those that are named, of everything else all. */
  async #elements(named: readonly { kind: ElementKind; id: string }[]) {
    const { functions, services, templates, directory, secrets } = this.#on
    const byId = (all: readonly { id: string; name: string }[]) =>
      new Map(all.map(({ id, name }) => [id, name]))
    const memberIds = named.filter(({ kind }) => kind === 'member').map(({ id }) => id)
    return {
      service: byId(services.summaries()),
      template: byId(templates.list()),
      member: byId(await directory.members(memberIds)),
      department: pathsOf(directory.departmentStore.all()),
      role: byId(directory.roleStore.all()),
      'organisation-role': byId(directory.organisationRoleStore.all()),
      function: new Map(functions.list().map(({ name, title }) => [name, title])),
      secret: new Map(secrets.list().map(({ name }) => [name, name])),
    } satisfies Record<ElementKind, ReadonlyMap<string, string>>
  }
}

/** Names alone say little of departments: every plant has a night shift. */
function pathsOf(departments: readonly Department[]): Map<string, string> {
  const paths = new DepartmentPaths(departments, () => '')
  return new Map(departments.map(({ id }) => [id, paths.pathOf(id).join(' / ')]))
}
