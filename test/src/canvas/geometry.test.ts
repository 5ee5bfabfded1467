import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundsOf, contains, grow, overlaps, type Rect } from '../../../src/canvas/geometry.ts'
import { GridIndex } from '../../../src/canvas/grid-index.ts'
import { distanceToWire, pointOnWire, wireBounds } from '../../../src/canvas/wire.ts'

const coordinate = fc.integer({ min: -900, max: 900 })
const length = fc.integer({ min: 1, max: 600 })
const rect = fc.record({ x: coordinate, y: coordinate, width: length, height: length })
const manyRects = fc.array(rect, { minLength: 40, maxLength: 80 })
const wire = fc.record({ x1: coordinate, y1: coordinate, x2: coordinate, y2: coordinate })

describe('wire', () => {
  it('begins at the output and ends at the input', () => {
    const line = { x1: 10, y1: 20, x2: 300, y2: 400 }
    expect(pointOnWire(line, 0)).toEqual({ x: 10, y: 20 })
    expect(pointOnWire(line, 1)).toEqual({ x: 300, y: 400 })
  })

  it('stays inside of its bounds, forwards and backwards', () => {
    fc.assert(
      fc.property(wire, (line) => {
        const bounds = grow(wireBounds(line), 1e-6)
        for (let step = 0; step <= 200; step++) {
          expect(contains(bounds, pointOnWire(line, step / 200))).toBe(true)
        }
      }),
    )
  })

  it('is found by a pointer on it, and not by one beside it', () => {
    const line = { x1: 0, y1: 0, x2: 200, y2: 120 }
    for (const t of [0, 0.13, 0.5, 0.77, 1]) {
      const { x, y } = pointOnWire(line, t)
      expect(distanceToWire(line, { x, y })).toBeLessThan(1)
      expect(distanceToWire(line, { x, y: y + 400 })).toBeGreaterThan(200)
    }
  })

  it('is found where both ends are the same place', () => {
    expect(distanceToWire({ x1: 5, y1: 5, x2: 5, y2: 5 }, { x: 5, y: 5 })).toBe(0)
  })
})

describe('grid index', () => {
  it('finds exactly what looking at everything finds, also after boxes moved and went', () => {
    fc.assert(
      fc.property(manyRects, manyRects, rect, (boxes, moves, view) => {
        const index = new GridIndex<Rect>()
        for (const box of boxes) index.put(box)
        boxes.forEach((box, place) => index.put(Object.assign(box, moves[place])))
        const kept = boxes.filter((box, place) => {
          if (place % 3 !== 0) return true
          index.remove(box)
          return false
        })
        const found = index.within(view)
        expect([...found].filter((box) => !kept.includes(box))).toEqual([])
        expect(found.size).toBe(kept.filter((box) => overlaps(box, view)).length)
      }),
    )
  })

  it('takes a file with absurd positions', () => {
    const index = new GridIndex<Rect>()
    const far = { x: 1e300, y: -1e300, width: 224, height: 72 }
    index.put(far)
    expect(index.within({ x: 1e300 - 10, y: -1e300, width: 20, height: 20 })).toContain(far)
    expect(index.within({ x: 0, y: 0, width: 1000, height: 1000 }).size).toBe(0)
  })
})

describe('bounds', () => {
  it('surround all rectangles', () => {
    const around = boundsOf([
      { x: -10, y: 0, width: 5, height: 5 },
      { x: 20, y: 30, width: 10, height: 10 },
    ])
    expect(around).toEqual({ x: -10, y: 0, width: 40, height: 40 })
    expect(boundsOf([])).toBeNull()
  })
})
