/** Passkeys of accounts. `account` as in `passwords`. Times are milliseconds since 1970. */
export const passkeyTables = `
  CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    credential TEXT NOT NULL UNIQUE, -- by which the browser names it, base64url
    public_key BLOB NOT NULL,        -- COSE
    counter    INTEGER NOT NULL,     -- of its signatures; 0 where it does not count them
    transports TEXT NOT NULL,        -- a JSON list
    domain     TEXT NOT NULL,        -- the name of this server for which it was made
    name       TEXT NOT NULL,
    created    INTEGER NOT NULL,
    used       INTEGER               -- NULL: not yet
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passkeys_account ON passkeys (account, created);

  -- What browsers are asked to sign, each once.
  CREATE TABLE passkey_challenges (
    hash    BLOB PRIMARY KEY, -- SHA-256 of the challenge
    account TEXT,             -- of who adds a passkey; NULL: somebody signs in
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passkey_challenges_expires ON passkey_challenges (expires);

  CREATE TRIGGER passkeys_leave_with_member AFTER DELETE ON members BEGIN
    DELETE FROM passkeys WHERE account = old.id;
  END;
`
