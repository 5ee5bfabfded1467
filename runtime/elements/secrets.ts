import { secretState } from '../../nodes/api/elements.ts'
import type { Usage } from '../../nodes/api/elements.ts'
import type { Secret } from '../../nodes/api/secrets.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { httpRequest } from '../../nodes/http-request/definition.ts'
import { secretNames } from '../../nodes/http-request/secret-names.ts'
import type { SecretReferences } from '../secrets/secret-references.ts'
import type { SecretPlace, Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import type { FunctionStore } from './functions.ts'
import { describeSecret } from './service-settings.ts'

/** The secrets that HTTP requests carry. Their values go in, and come out for a request to one of their hosts alone. */
export class SecretStore {
  readonly #vault: Vault
  readonly #references: SecretReferences
  readonly #functions: FunctionStore
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  readonly #listeners = new Set<() => void>()

  constructor(
    database: Database,
    vault: Vault,
    references: SecretReferences,
    functions: FunctionStore,
    surroundings: Surroundings,
  ) {
    this.#vault = vault
    this.#references = references
    this.#functions = functions
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  /** By name. */
  list(): Secret[] {
    return (this.#statements.list.all() as unknown as SecretRow[]).map(describe)
  }

  /** @throws FlowError `NOT_FOUND` */
  get(name: string): Secret {
    return describe(this.#row(name))
  }

  /** @throws FieldsError `BODY_INVALID` where the name is taken */
  create({ name, hosts, value }: { name: string; hosts: readonly string[]; value: string }): Secret {
    if (this.#statements.read.get(name)) {
      throw new FieldsError(ErrorCode.BodyInvalid, `There is already a secret with the name "${name}"`, [
        { path: 'name', key: 'duplicate', message: 'This name is taken' },
      ])
    }
    return this.#write(name, hosts, value)
  }

  /** @throws FlowError `NOT_FOUND` */
  replace(name: string, { hosts, value }: { hosts: readonly string[]; value: string }): Secret {
    this.#row(name)
    return this.#write(name, hosts, value)
  }

  /** @throws FlowError `NOT_FOUND`, `IN_USE` where a saved graph or a draft sends the secret */
  delete(name: string): void {
    this.#row(name)
    const usages = this.usage(name)
    if (usages.length > 0) {
      const titles = [...new Set(usages.map((each) => each.functionTitle))]
      throw new FlowError(ErrorCode.InUse, `"${name}" is used by: ${titles.slice(0, 5).join(', ')}`, {
        hint: 'Choose another secret in these functions first.',
        params: { name, count: usages.length },
      })
    }
    this.#statements.delete.run(name)
    this.#changed()
  }

  /** The nodes that send a secret, in saved graphs and in drafts, each once. */
  usage(secret: string): Usage[] {
    const usages = new Map<string, Usage>()
    for (const { name, title, graph } of this.#functions.graphs()) {
      for (const node of graph.nodes) {
        if (node.type !== httpRequest.type || !secretNames(node.params).includes(secret)) continue
        usages.set(`${name}/${node.id}`, { functionName: name, functionTitle: title, nodeId: node.id })
      }
    }
    return [...usages.values()]
  }

  /**
   * The value of a secret, for a request to this host.
   * @throws FlowError `SECRET_MISSING`, `SECRET_NOT_FOR_HOST`, `SECRET_UNREADABLE`
   */
  open(name: string, host: string): string {
    const row = this.#statements.read.get(name) as unknown as SecretRow | undefined
    if (!row) {
      throw new FlowError(ErrorCode.SecretMissing, `There is no secret "${name}"`, {
        hint: 'Make it in the settings, or choose another one in the node.',
        params: { name },
      })
    }
    const hosts = JSON.parse(row.hosts) as string[]
    if (!hosts.includes(host)) {
      throw new FlowError(ErrorCode.SecretNotForHost, `The secret "${name}" is not for ${host}`, {
        hint: 'Correct the URL, or add the host to the secret in the settings.',
        params: { name, host },
      })
    }
    return this.#references.resolve(this.#vault.open(row.record, placeOf(name, hosts)))
  }

  /** Tells when a secret was made, replaced or deleted; answers the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #write(name: string, hosts: readonly string[], value: string): Secret {
    const record = this.#vault.seal(value, placeOf(name, hosts))
    const updated = this.#surroundings.now().toISOString()
    this.#statements.write.run(
      name,
      JSON.stringify(hosts),
      record,
      JSON.stringify(describeSecret(value)),
      updated,
    )
    this.#changed()
    return this.get(name)
  }

  #row(name: string): SecretRow {
    const row = this.#statements.read.get(name) as unknown as SecretRow | undefined
    if (row) return row
    throw new FlowError(ErrorCode.NotFound, 'There is no such secret', {
      hint: 'It may have been deleted. Choose another one.',
    })
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

interface SecretRow {
  name: string
  hosts: string
  record: string
  shown: string
  updated: string
}

function prepare(database: Database) {
  return {
    list: database.prepare('SELECT * FROM secrets ORDER BY name'),
    read: database.prepare('SELECT * FROM secrets WHERE name = ?'),
    write: database.prepare(
      'INSERT OR REPLACE INTO secrets (name, hosts, record, shown, updated) VALUES (?, ?, ?, ?, ?)',
    ),
    delete: database.prepare('DELETE FROM secrets WHERE name = ?'),
  }
}

/** Bound to its hosts, so that whoever can write the data folder cannot have it sent elsewhere. */
function placeOf(name: string, hosts: readonly string[]): SecretPlace {
  return { service: 'secrets', field: name, endpoint: JSON.stringify(hosts) }
}

function describe({ name, hosts, shown, updated }: SecretRow): Secret {
  return {
    name,
    hosts: JSON.parse(hosts) as string[],
    state: secretState.parse(JSON.parse(shown)),
    updated,
  }
}
