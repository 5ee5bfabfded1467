import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAutosave, type SaveState } from '../../../src/pages/function/autosave.ts'

class Conflict extends Error {}

/** A document, a server that keeps it, and every state the page was told. */
function openDocument() {
  const server = { kept: '', requests: 0, answer: () => Promise.resolve() as Promise<void> }
  const page = { text: '', states: [] as SaveState[] }
  const autosave = createAutosave({
    async keep() {
      const text = page.text
      server.requests++
      await server.answer()
      server.kept = text
    },
    isConflict: (error) => error instanceof Conflict,
    onState: (state) => page.states.push(state),
  })
  const type = (text: string) => {
    page.text = text
    autosave.changed()
  }
  return { server, page, autosave, type }
}

describe('createAutosave', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('keeps the draft once, 800 ms after the last change', async () => {
    const { server, page, type } = openDocument()
    type('a')
    await vi.advanceTimersByTimeAsync(799)
    type('ab')
    await vi.advanceTimersByTimeAsync(799)
    expect(server.requests).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(server).toMatchObject({ requests: 1, kept: 'ab' })
    expect(page.states).toEqual(['pending', 'pending', 'saving', 'saved'])
  })

  it('sends a change made during a request after it, never at the same time', async () => {
    const { server, page, autosave, type } = openDocument()
    let answer = () => {}
    server.answer = () => new Promise((resolve) => (answer = resolve))
    type('a')
    const flushed = autosave.flush()
    type('ab')
    expect(server.requests).toBe(1)
    answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(server).toMatchObject({ requests: 2, kept: 'a' })
    answer()
    expect(await flushed).toBe(true)
    expect(server.kept).toBe('ab')
    expect(page.states.at(-1)).toBe('saved')
  })

  it('has nothing to send for an unchanged document', async () => {
    const { server, autosave } = openDocument()
    expect(await autosave.flush()).toBe(true)
    expect(server.requests).toBe(0)
  })

  it('stops sending after a conflict until a person has decided', async () => {
    const { server, page, autosave, type } = openDocument()
    server.answer = () => Promise.reject(new Conflict())
    type('a')
    expect(await autosave.flush()).toBe(false)
    type('ab')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.requests).toBe(1)
    expect(page.states.at(-1)).toBe('conflict')

    server.answer = () => Promise.resolve()
    autosave.settle()
    type('abc')
    await vi.advanceTimersByTimeAsync(800)
    expect(server.kept).toBe('abc')
  })

  it('tries again by itself when the server did not answer', async () => {
    const { server, page, autosave, type } = openDocument()
    server.answer = () => Promise.reject(new TypeError('fetch failed'))
    type('a')
    expect(await autosave.flush()).toBe(false)
    expect(page.states.at(-1)).toBe('failed')
    server.answer = () => Promise.resolve()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(server.kept).toBe('a')
    expect(page.states.at(-1)).toBe('saved')
  })

  it('sends nothing after it was stopped', async () => {
    const { server, autosave, type } = openDocument()
    type('a')
    autosave.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.requests).toBe(0)
  })
})
