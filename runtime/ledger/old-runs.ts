/** Removes what is older than people want to keep, in commits that are short enough to share with everything else. */
export interface OldRuns {
  /**
   * Looks at the next few runs, and marks those that ended before `before` and that nothing rests on any more: from
   * there on they are not gone on with. @returns where to go on; `null` where all were looked at
   */
  mark(after: string, before: number): Promise<{ marked: number; next: string | null }>
  /** Removes about `rows` rows of marked runs. @returns runs that are gone, and whether some are left */
  removeSome(rows: number): Promise<{ runs: number; isMore: boolean }>
  /** Notes which graphs the next few runs are pinned to. @returns where to go on; `null` where all were looked at */
  noteGraphs(after: string, used: Set<string>): string | null
  /**
   * Removes graphs that were last kept before `before`, and that no run that was noted and no version has; a few with
   * each call. @returns how many
   */
  removeGraphs(before: number, used: ReadonlySet<string>): Promise<number>
  /** Removes inbox entries, firings and idempotency keys, `rows` of each at most. @returns how many */
  removeEntries(before: number, rows: number): Promise<number>
}
