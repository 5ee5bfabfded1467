import type { Usage } from '../../nodes/api/elements.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { templateContent } from '../../nodes/message-templates/schema.ts'
import type { MessageTemplate, TemplateContent } from '../../nodes/message-templates/schema.ts'
import { smsNotification } from '../../nodes/sms-notification/definition.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import type { FunctionStore } from './functions.ts'

/** The message templates of a data folder. */
export class MessageTemplateStore {
  readonly #database: Database
  readonly #functions: FunctionStore
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  readonly #listeners = new Set<() => void>()
  /** Parsed once, so that a step that sends reads no JSON. The data folder has one process at a time. */
  #byId: ReadonlyMap<string, MessageTemplate> | undefined

  constructor(database: Database, functions: FunctionStore, surroundings: Surroundings) {
    this.#database = database
    this.#functions = functions
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  /** By name. */
  list(): MessageTemplate[] {
    return [...this.#all().values()]
  }

  find(id: string): MessageTemplate | undefined {
    return this.#all().get(id)
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): MessageTemplate {
    const found = this.find(id)
    if (found) return found
    throw new FlowError(ErrorCode.NotFound, 'There is no such message template', {
      hint: 'It may have been deleted. Choose another one.',
    })
  }

  /** @throws FieldsError `BODY_INVALID` where the name is taken */
  create(content: TemplateContent): MessageTemplate {
    const id = this.#surroundings.newId()
    this.#database.transaction(() => {
      this.#refuseTakenName(content.name, id)
      const updated = this.#surroundings.now().toISOString()
      this.#statements.insert.run(id, content.name, JSON.stringify(content), updated)
    })
    this.#changed()
    return this.get(id)
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT` where somebody changed the template in between; FieldsError as `create` */
  update(id: string, { revision, ...content }: TemplateContent & { revision: number }): MessageTemplate {
    this.#database.transaction(() => {
      const current = this.get(id)
      if (current.revision !== revision) throw changedInBetween(current)
      this.#refuseTakenName(content.name, id)
      const updated = this.#surroundings.now().toISOString()
      this.#statements.update.run(content.name, JSON.stringify(content), updated, id)
    })
    this.#changed()
    return this.get(id)
  }

  /** @throws FlowError `NOT_FOUND`, `IN_USE` where a saved graph or a draft sends the template */
  delete(id: string): void {
    const { name } = this.get(id)
    const usages = this.usage(id)
    if (usages.length > 0) {
      const titles = [...new Set(usages.map((each) => each.functionTitle))]
      throw new FlowError(ErrorCode.InUse, `"${name}" is used by: ${titles.slice(0, 5).join(', ')}`, {
        hint: 'Choose another message template in these functions first.',
        params: { name, count: usages.length },
      })
    }
    this.#statements.delete.run(id)
    this.#changed()
  }

  /** The nodes that send a template, in saved graphs and in drafts, each once. */
  usage(id: string): Usage[] {
    const usages = new Map<string, Usage>()
    for (const { name, title, graph } of this.#functions.graphs()) {
      for (const node of graph.nodes) {
        if (node.type !== smsNotification.type || node.params.template !== id) continue
        usages.set(`${name}/${node.id}`, { functionName: name, functionTitle: title, nodeId: node.id })
      }
    }
    return [...usages.values()]
  }

  /** Tells when a template was made, changed or deleted; answers the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #all(): ReadonlyMap<string, MessageTemplate> {
    this.#byId ??= new Map(
      (this.#statements.list.all() as unknown as TemplateRow[]).map((row) => [row.id, read(row)]),
    )
    return this.#byId
  }

  #changed(): void {
    this.#byId = undefined
    for (const listener of this.#listeners) listener()
  }

  #refuseTakenName(name: string, id: string): void {
    if (!this.#statements.sameName.get(name, id)) return
    throw new FieldsError(
      ErrorCode.BodyInvalid,
      `There is already a message template with the name "${name}"`,
      [{ path: 'name', key: 'duplicate', message: 'This name is taken' }],
    )
  }
}

interface TemplateRow {
  id: string
  revision: number
  content: string
  updated: string
}

function prepare(database: Database) {
  return {
    list: database.prepare('SELECT * FROM message_templates ORDER BY name COLLATE NOCASE, id'),
    sameName: database.prepare('SELECT 1 FROM message_templates WHERE name = ? COLLATE NOCASE AND id <> ?'),
    insert: database.prepare(
      'INSERT INTO message_templates (id, name, revision, content, updated) VALUES (?, ?, 1, ?, ?)',
    ),
    update: database.prepare(
      'UPDATE message_templates SET name = ?, content = ?, updated = ?, revision = revision + 1 WHERE id = ?',
    ),
    delete: database.prepare('DELETE FROM message_templates WHERE id = ?'),
  }
}

function read({ id, revision, content, updated }: TemplateRow): MessageTemplate {
  return { ...templateContent.parse(JSON.parse(content)), id, revision, updated }
}

function changedInBetween({ name, revision }: MessageTemplate): FlowError {
  return new FlowError(ErrorCode.Conflict, `"${name}" was changed by somebody else in between`, {
    hint: 'Load the message template again and repeat the change.',
    params: { name, revision },
  })
}
