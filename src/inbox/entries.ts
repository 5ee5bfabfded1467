import type { InboxEntry } from '../../nodes/inbox.ts'

type Entries = readonly InboxEntry[]

/** A new entry comes first; one that the list has already is not doubled. */
export function addEntry(entries: Entries, entry: InboxEntry): Entries {
  return entries.some(({ id }) => id === entry.id) ? entries : [entry, ...entries]
}

/** Keeps its place. */
export function changeEntry(entries: Entries, entry: InboxEntry): Entries {
  return entries.map((each) => (each.id === entry.id ? entry : each))
}

/** A page that was cut by entries which were read meanwhile may hold some that are listed already. */
export function appendPage(entries: Entries, page: Entries): Entries {
  const known = new Set(entries.map(({ id }) => id))
  return [...entries, ...page.filter(({ id }) => !known.has(id))]
}

export function readAll(entries: Entries, at = new Date().toISOString()): Entries {
  return entries.map((entry) => (entry.read === null ? { ...entry, read: at } : entry))
}
