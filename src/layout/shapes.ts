/** What is taken of each column, in canvas units. */
export type Silhouette = Map<number, { top: number; bottom: number }>

/** Some cards, placed relative to each other. Parts are moved as a whole and never looked into again. */
export interface Shape {
  cards: { id: string; y: number }[]
  parts: { shape: Shape; y: number }[]
  silhouette: Silhouette
  /** Where the connection that leads on leaves it. */
  end: { column: number; y: number }
}

/** Canvas units between what stands above each other. */
export const GAP_BETWEEN = 40

/** @param column where the connection begins that leads past it */
export function emptyShape(column: number): Shape {
  return { cards: [], parts: [], silhouette: new Map(), end: { column, y: 0 } }
}

/** Takes room in a column. */
export function take(shape: Shape, column: number, top: number, bottom: number): void {
  const taken = shape.silhouette.get(column)
  if (!taken) shape.silhouette.set(column, { top, bottom })
  else {
    taken.top = Math.min(taken.top, top)
    taken.bottom = Math.max(taken.bottom, bottom)
  }
}

/** Puts a part into a shape. @param y how far down */
export function put(shape: Shape, part: Shape, y: number): void {
  shape.parts.push({ shape: part, y })
  for (const [column, { top, bottom }] of part.silhouette) take(shape, column, top + y, bottom + y)
}

/** How far down a part stands that should stand at `wanted`, above all of a shape that is in its columns. */
export function placeAbove(shape: Shape, part: Shape, wanted: number): number {
  let y = wanted
  for (const [column, { bottom }] of part.silhouette) {
    const taken = shape.silhouette.get(column)
    if (taken) y = Math.min(y, taken.top - GAP_BETWEEN - bottom)
  }
  return y
}

/** How far down a part stands that should stand at `wanted`, below all of a shape that is in its columns. */
export function placeBelow(shape: Shape, part: Shape, wanted: number): number {
  let y = wanted
  for (const [column, { top }] of part.silhouette) {
    const taken = shape.silhouette.get(column)
    if (taken) y = Math.max(y, taken.bottom + GAP_BETWEEN - top)
  }
  return y
}

/** How far down every card stands. */
export function heightsOf(whole: Shape): Map<string, number> {
  const heights = new Map<string, number>()
  const waiting = [{ shape: whole, y: 0 }]
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    for (const { id, y } of at.shape.cards) heights.set(id, at.y + y)
    for (const { shape, y } of at.shape.parts) waiting.push({ shape, y: at.y + y })
  }
  return heights
}
