import { ANY_KIND, join, kind, nothingShape, withKinds } from './shape.ts'
import type { Shape } from './shape.ts'

const unset: Shape = { kinds: kind.unset }

/** What stands under a name that nothing has set: the result of a step that did not run is nothing. */
function absent(name: string): Shape {
  return name.startsWith('nodes.') ? nothingShape : unset
}

/**
 * What is known of the names at one place of a graph: inputs, variables, `nodes.<id>`, and paths below them that a
 * condition has narrowed. Each holds one name and the rest of them: a thousand nodes in a chain share what they have in
 * common.
 */
export class Names {
  static readonly none: Names = new Names(undefined, '', unset)

  readonly #before: Names | undefined
  readonly #name: string
  readonly #shape: Shape
  readonly #depth: number

  private constructor(before: Names | undefined, name: string, shape: Shape) {
    this.#before = before
    this.#name = name
    this.#shape = shape
    this.#depth = before ? before.#depth + 1 : 0
  }

  with(name: string, shape: Shape): Names {
    return new Names(this, name, shape)
  }

  /** @returns undefined where nothing has set it */
  find(name: string): Shape | undefined {
    return Names.#last(this, name, name)
  }

  /** A path such as `order.lines` that was narrowed after its root was set. */
  findPath(path: string, root: string): Shape | undefined {
    return Names.#last(this, path, root)
  }

  /** The last shape of a path, as far back as its root was set. */
  static #last(from: Names, path: string, root: string): Shape | undefined {
    for (let at: Names | undefined = from; at; at = at.#before) {
      if (at.#name === path) return at.#shape
      if (at.#name === root) return undefined
    }
    return undefined
  }

  /** Names that were set since an earlier place, each with its last shape. */
  since(earlier: Names): Map<string, Shape> {
    return Names.#between(this, earlier)
  }

  static #between(from: Names, earlier: Names): Map<string, Shape> {
    const found = new Map<string, Shape>()
    for (let at: Names | undefined = from; at && at !== earlier; at = at.#before) {
      if (!found.has(at.#name)) found.set(at.#name, at.#shape)
    }
    return found
  }

  /** What is known where one of several ways has led. */
  static merge(ways: readonly Names[]): Names {
    const [first, ...others] = new Set(ways)
    if (!first) return Names.none
    if (others.length === 0) return first
    const earlier = others.reduce((a, b) => Names.common(a, b), first)
    const changes = [first, ...others].map((way) => way.since(earlier))
    const names = new Set(changes.flatMap((each) => [...each.keys()].filter(isWhole)))
    let merged = earlier
    for (const name of names) {
      const before = earlier.find(name) ?? absent(name)
      merged = merged.with(name, changes.map((each) => each.get(name) ?? before).reduce(join))
    }
    return merged
  }

  /**
   * What is known once several ways have all been walked, each with names of its own: what one of them has certainly set
   * is set.
   */
  static mergeAll(ways: readonly Names[], earlier: Names): Names {
    const changes = ways.map((way) => way.since(earlier))
    const names = new Set(changes.flatMap((each) => [...each.keys()].filter(isWhole)))
    let merged = earlier
    for (const name of names) {
      const shapes = changes.flatMap((each) => each.get(name) ?? [])
      const isSet = shapes.some(({ kinds }) => (kinds & kind.unset) === 0)
      const joined = shapes.reduce(join)
      merged = merged.with(name, isSet ? { ...joined, kinds: joined.kinds & ~kind.unset } : joined)
    }
    return merged
  }

  /** What is known while names may have been set to anything. */
  widen(names: Iterable<string>): Names {
    const widened = [...names].map((name): [string, Shape] => {
      const before = this.find(name) ?? absent(name)
      return [name, withKinds({ kinds: before.kinds }, ANY_KIND)]
    })
    return widened.reduce((all, [name, shape]) => all.with(name, shape), new Names(this, '', unset))
  }

  /** The last place that both have come from. */
  static common(a: Names, b: Names): Names {
    let [left, right] = [a, b]
    while (left !== right) {
      if (left.#depth >= right.#depth) left = left.#before!
      else right = right.#before!
    }
    return left
  }
}

/** Whether it is a name as it is set, not a path below one that a condition has narrowed. */
function isWhole(name: string): boolean {
  return rootOf(name) === name
}

/** `device` of `device.name`, `nodes.sms1` of `nodes.sms1.counts`. */
export function rootOf(path: string): string {
  const parts = path.split('.')
  return parts.slice(0, parts[0] === 'nodes' ? 2 : 1).join('.')
}
