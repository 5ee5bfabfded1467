import type { Migration } from './migrations/define-migration.ts'
import { fromFormat0 } from './migrations/from-format-0.ts'

/**
 * The step at index `n` leads from format `n` to `n + 1`. A step is never changed once released;
 * each has its files `test/fixtures/graphs/format-<n>.before.json` and `format-<n>.after.json`.
 * A step may also raise the `typeVersion` of nodes and rewrite their `params`.
 */
export const migrations: readonly Migration[] = [fromFormat0]
