/** Tokens of programs. Only their SHA-256 is kept. Times are milliseconds since 1970. */
export const apiTokenTables = `
  CREATE TABLE api_tokens (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    owner      TEXT,          -- a member; NULL: the one who came in by the start link or the access token
    scopes     TEXT NOT NULL, -- JSON, a list of rights
    created    INTEGER NOT NULL,
    expires    INTEGER,       -- NULL: never
    used       INTEGER        -- NULL: never
  ) STRICT, WITHOUT ROWID;
`
