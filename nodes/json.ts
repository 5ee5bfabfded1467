/** Anything that survives `JSON.stringify` and back. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Keys that reach an object's prototype when they are read or written carelessly; refused wherever data enters. */
export function isForbiddenKey(key: string): boolean {
  return forbiddenKeys.has(key)
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
