/**
 * Who did what. Entries are only ever added, and removed from the oldest end when they are too old. Seals are HMACs whose
 * key is derived from the master key outside the data folder: who has this file alone cannot make one.
 */
export const auditTables = `
  CREATE TABLE audit_entries (
    id      INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL, -- milliseconds since 1970
    person  TEXT NOT NULL,    -- id of a member, else the kind of whoever it was
    name    TEXT NOT NULL,    -- of the person, as it was then; empty: none
    thing   TEXT NOT NULL,
    verb    TEXT NOT NULL,
    outcome TEXT NOT NULL,
    entry   TEXT NOT NULL,    -- JSON of the rest
    seal    BLOB NOT NULL     -- covers all columns and the seal of the entry before
  ) STRICT;
  CREATE INDEX audit_entries_time ON audit_entries (time);
  CREATE INDEX audit_entries_person ON audit_entries (person, id);
  CREATE INDEX audit_entries_thing ON audit_entries (thing, verb, id);

  -- Both ends of the chain: what was cut off at the old end, and the newest entry.
  CREATE TABLE audit_ends (
    name       TEXT PRIMARY KEY, -- anchor, head
    id         INTEGER NOT NULL, -- of the entry
    entry_seal BLOB NOT NULL,
    time       INTEGER NOT NULL,
    seal       BLOB NOT NULL     -- covers this row
  ) STRICT, WITHOUT ROWID;
`
