/**
 * From which backups this store was restored. A backup is marked by its newest row, whose `restored` is missing: whoever
 * opens it, by whatever way the file came to its place, holds what was open.
 */
export const restorationTable = `
  CREATE TABLE restoration (
    number   INTEGER PRIMARY KEY, -- 1, 2, 3 …
    taken    INTEGER NOT NULL,    -- when the backup was taken, milliseconds since 1970
    restored INTEGER,             -- when a server opened it; NULL: not yet
    runs     INTEGER,             -- held then
    messages INTEGER              -- that became unknown then
  ) STRICT;
  -- 1: another server may have sent it, nobody knows when and under which id: that it is not found proves nothing.
  ALTER TABLE reconciliation ADD COLUMN restored INTEGER;
  -- Few or none: what stands still until a person says otherwise.
  CREATE INDEX run_held ON run (id) WHERE finished IS NULL AND status = 'quarantined';
`
