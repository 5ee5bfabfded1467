/**
 * A map by text for entries that come and go all the time, such as the runs that are under way.
 *
 * V8's own `Map` and `Set` link each table that they have outgrown to the next one. Once the collector has moved one
 * such table to the old generation, the whole chain behind it, with everything that ever was an entry, survives every
 * quick collection until the next full one: ten kilobytes for each run, and a tenth of all time. Dictionary objects
 * have no such chain.
 */
export class ChurnMap<Value> {
  readonly #entries = Object.create(null) as Record<string, Value>
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): Value | undefined {
    return this.#entries[key]
  }

  set(key: string, value: Value): void {
    if (!(key in this.#entries)) this.#size++
    this.#entries[key] = value
  }

  delete(key: string): void {
    if (!(key in this.#entries)) return
    this.#size--
    delete this.#entries[key]
  }
}
