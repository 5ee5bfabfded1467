/** Sessions of the page. Only the SHA-256 of a cookie is kept, so a stolen file opens nothing. */
export const sessionTables = `
  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    expires INTEGER NOT NULL -- milliseconds since 1970
  ) STRICT, WITHOUT ROWID;
`
