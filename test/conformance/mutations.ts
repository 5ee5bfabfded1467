import fc from 'fast-check'
import type { Json } from '../../nodes/json.ts'
import { conformanceGraphs } from './case-files.ts'

/** Where something stands: the object or list around it, and its key there. */
interface Place {
  holder: Json[] | { [key: string]: Json }
  key: string
}
/** Changes a graph at one place; `draw` chooses a number below a limit. */
type Mutation = (places: readonly Place[], draw: (limit: number) => number) => void

const placesIn = (document: Json): Place[] => {
  const places: Place[] = []
  const waiting = [document]
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    if (typeof holder !== 'object' || holder === null) continue
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key })
      waiting.push(value)
    }
  }
  return places
}
const read = ({ holder, key }: Place) => (holder as Record<string, Json>)[key]!
const write = ({ holder, key }: Place, value: Json) => {
  ;(holder as Record<string, Json>)[key] = value
}

const hostileTexts = [
  ...['', ' ', '0', '-1', 'true', 'null', 'nodes', 'item', 'in', 'next', 'error', 'start', 'done', 'NOW()'],
  ...['\u0000', '\uD800', '\u202Etxt', '🙂🙂', '设备', 'a\u0301', '\uFEFF', 'nodes.start', '${who}', '$http'],
  ...['../../etc/passwd', '<img src=x onerror=alert(1)>', "'; DROP TABLE run; --", 'http://[::1]/', '%00'],
  ...[
    'x'.repeat(70),
    'x'.repeat(100_000),
    '('.repeat(500),
    '1+'.repeat(3_000),
    'a.'.repeat(2_000),
    '[1]'.repeat(900),
  ],
]
const hostileValues: Json[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -1e308, 5e-324, Number.MAX_SAFE_INTEGER, 99, 2_147_483_648],
  ...hostileTexts,
  ...[
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    { kind: 'fixed' },
    { kind: 'formula', source: '1 +' },
    { kind: 'nothing' },
  ],
  ...[{ kind: 'variable', path: 'nodes.gone.x' }, { kind: 'formula', source: 'gone + 1' }, { length: -1 }],
  Array.from({ length: 2_500 }, () => 1),
]
const hostileKeys = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'then',
    'length',
    '',
    ' ',
    '0',
    '-1',
  ],
  ...['设备', '\uD800', 'a/b', 'kind', 'id', 'params', 'x'.repeat(10_000)],
]

const nest = (value: Json, depth: number): Json => {
  let nested = value
  for (let level = 0; level < depth; level++) nested = level % 2 === 0 ? [nested] : { a: nested }
  return nested
}
const pick = <Item>(items: readonly Item[], draw: (limit: number) => number): Item =>
  items[draw(items.length)]!

const mutations: Record<string, Mutation> = {
  drop(places, draw) {
    const { holder, key } = pick(places, draw)
    if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else delete holder[key]
  },
  duplicate(places, draw) {
    const place = pick(places, draw)
    const copy = structuredClone(read(place))
    if (Array.isArray(place.holder)) place.holder.splice(draw(place.holder.length + 1), 0, copy)
    else place.holder[`${place.key}2`] = copy
  },
  rename(places, draw) {
    const { holder, key } = pick(places, draw)
    const name = draw(2) === 0 ? pick(hostileKeys, draw) : pick(places, draw).key
    if (Array.isArray(holder)) return
    const value = holder[key]!
    delete holder[key]
    // an assignment to `__proto__` would be lost
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
  },
  retype: (places, draw) => write(pick(places, draw), structuredClone(pick(hostileValues, draw))),
  swap(places, draw) {
    const [one, other] = [pick(places, draw), pick(places, draw)]
    const [first, second] = [structuredClone(read(one)), structuredClone(read(other))]
    write(one, second)
    write(other, first)
  },
  /** Ids, names and ports meet others of their kind: connections lead elsewhere, in circles too. */
  swapTexts(places, draw) {
    const texts = places.filter((place) => typeof read(place) === 'string')
    if (texts.length > 0) write(pick(texts, draw), read(pick(texts, draw)))
  },
  nest(places, draw) {
    const place = pick(places, draw)
    write(place, nest(structuredClone(read(place)), pick([1, 2, 30, 62, 70, 300], draw)))
  },
  version(places, draw) {
    const versions = places.filter(({ key }) => key === 'format' || key === 'typeVersion')
    if (versions.length > 0) write(pick(versions, draw), pick([0, 1, 2, 99, -1, 1.5, 1e21, '1', null], draw))
  },
  reverse(places, draw) {
    const lists = places.map(read).filter((value) => Array.isArray(value))
    if (lists.length > 0) pick(lists, draw).reverse()
  },
}

/** What a person fills in: most of what a run does is decided there. */
const parametersIn = (document: Json): Place[] =>
  placesIn(document)
    .filter(({ key }) => key === 'params')
    .flatMap((place) => placesIn(read(place)))

const change = fc.record({
  name: fc.constantFrom(...Object.keys(mutations)),
  where: fc.constantFrom(placesIn, parametersIn, parametersIn),
  choices: fc.array(fc.nat(1_000_003), { minLength: 3, maxLength: 3 }),
})

/** A graph of the suite with one to four changes, as the text of its file. */
export const mutatedFile: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...conformanceGraphs.map(({ document }) => document)),
    fc.array(change, { minLength: 1, maxLength: 4 }),
  )
  .map(([original, changes]) => {
    const document = structuredClone(original)
    for (const { name, where, choices } of changes) {
      const places = where(document)
      let next = 0
      if (places.length > 0) mutations[name]!(places, (limit) => choices[next++ % choices.length]! % limit)
    }
    return JSON.stringify(document)
  })
