/**
 * The published versions of functions, and who changed a draft last. From here on `functions.graph` is the draft; where
 * there was a saved graph beside it, that one becomes version 1, so that callers go on getting what they got.
 */
export const functionVersionTables = `
  CREATE TABLE function_version (
    function TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL, -- of the graph, as runs name it; empty until the store reads it for the first time
    graph TEXT NOT NULL,
    note TEXT NOT NULL,
    author TEXT, -- JSON
    created TEXT NOT NULL,
    PRIMARY KEY (function, number)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO function_version (function, number, hash, graph, note, created)
    SELECT name, 1, '', graph, '', updated FROM functions WHERE draft IS NOT NULL;
  UPDATE functions SET graph = draft, revision = revision + 1 WHERE draft IS NOT NULL;
  ALTER TABLE functions DROP COLUMN draft;
  ALTER TABLE functions ADD COLUMN is_changed INTEGER NOT NULL DEFAULT 1; -- the draft differs from the last version
  ALTER TABLE functions ADD COLUMN author TEXT; -- JSON: who saved the draft last
`
