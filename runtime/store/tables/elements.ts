/** Functions, and SMS services with their secrets. */
export const elementTables = `
  CREATE TABLE functions (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    revision INTEGER NOT NULL,
    graph TEXT NOT NULL,
    draft TEXT, -- null: nothing unsaved
    updated TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sms_services (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    provider TEXT NOT NULL,
    revision INTEGER NOT NULL,
    settings TEXT NOT NULL, -- all that is not secret
    updated TEXT NOT NULL
  ) STRICT;

  CREATE TABLE service_secrets (
    service TEXT NOT NULL REFERENCES sms_services (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    record TEXT NOT NULL, -- encrypted, see secrets/vault.ts
    shown TEXT NOT NULL, -- JSON of what the page may know: last four characters, or the reference
    PRIMARY KEY (service, field)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE secret_keys (
    kid TEXT PRIMARY KEY,
    wrapped_by TEXT NOT NULL, -- fingerprint of the key that is kept outside
    wrapped TEXT NOT NULL,
    created TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`
