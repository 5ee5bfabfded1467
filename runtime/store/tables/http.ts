/** HTTP requests of graphs, and the secrets they carry. */
export const httpTables = `
  CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    hosts TEXT NOT NULL, -- JSON list
    record TEXT NOT NULL, -- encrypted, bound to name and hosts: see secrets/vault.ts
    shown TEXT NOT NULL, -- JSON of what the page may know: last four characters, or the reference
    updated TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Steps whose request may have left: written before its first byte does.
  CREATE TABLE http_request (
    run_id TEXT NOT NULL REFERENCES run (id),
    path   TEXT NOT NULL,
    begun  INTEGER NOT NULL,
    PRIMARY KEY (run_id, path)
  ) WITHOUT ROWID;
`
