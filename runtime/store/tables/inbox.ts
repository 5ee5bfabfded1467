/** What functions told people in the application itself. Entries outlive the runs that made them. */
export const inboxTable = `
  CREATE TABLE inbox_entry (
    id            TEXT PRIMARY KEY, -- ULID
    member_id     TEXT NOT NULL,
    run_id        TEXT REFERENCES run (id) ON DELETE SET NULL,
    path          TEXT NOT NULL,
    function_name TEXT NOT NULL,
    title         TEXT NOT NULL,
    text          TEXT NOT NULL,
    link          TEXT,
    created       INTEGER NOT NULL,
    read_at       INTEGER,
    UNIQUE (run_id, path, member_id) -- one entry for each person of a step
  ) STRICT;
  CREATE INDEX inbox_entry_of_member ON inbox_entry (member_id, (read_at IS NOT NULL), id);
`
