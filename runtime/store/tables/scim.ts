/** What identity providers said of members, and the tokens they show (only their SHA-256). */
export const scimTables = `
  CREATE TABLE scim_users (
    member TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    attributes TEXT NOT NULL, -- JSON, as far as it is kept: see scim/user-resource.ts
    created INTEGER NOT NULL, -- milliseconds since 1970
    updated INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scim_tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    used INTEGER -- null: never
  ) STRICT, WITHOUT ROWID;
`
