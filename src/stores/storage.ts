const PREFIX = 'sms-logic.'

/** What this browser remembers of its user's choices; nothing where storage is switched off. */
export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

export function writeStored(name: string, value: string) {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // a full or forbidden storage costs the memory of a choice, not the choice
  }
}
