/**
 * Codes by text message, and what follows from them. A code itself is nowhere here: `code` is an HMAC whose key is
 * derived from the master key outside the data folder. Times are milliseconds since 1970.
 */
export const loginTables = `
  -- \`settings\` is the JSON of everything but the columns beside it.
  CREATE TABLE login_methods (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    settings TEXT NOT NULL,
    updated  TEXT NOT NULL
  ) STRICT;

  -- Every code of the last day: the rules against guessing and against texts at somebody's expense count these rows.
  CREATE TABLE login_codes (
    id      TEXT PRIMARY KEY,
    method  TEXT NOT NULL,
    purpose TEXT NOT NULL,
    phone   TEXT NOT NULL,
    prefix  TEXT NOT NULL, -- the number without its last four digits
    address TEXT,          -- of the network; NULL: a function asked
    network TEXT,          -- the /24 of an IPv4 address, the /56 of an IPv6 address
    code    BLOB NOT NULL,
    decoy   INTEGER NOT NULL, -- 1: the number may not get in, so nothing is texted and no code is right
    state   TEXT NOT NULL, -- live, used, replaced
    wrong   INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX login_codes_phone ON login_codes (phone, created);
  CREATE INDEX login_codes_prefix ON login_codes (prefix, created);
  CREATE INDEX login_codes_address ON login_codes (address, created);
  CREATE INDEX login_codes_network ON login_codes (network, created);
  CREATE INDEX login_codes_created ON login_codes (created, method);

  -- What a right code allows as the next step, once.
  CREATE TABLE login_tickets (
    hash    BLOB PRIMARY KEY, -- SHA-256 of the ticket
    purpose TEXT NOT NULL,
    method  TEXT NOT NULL,
    phone   TEXT NOT NULL,
    member  TEXT,
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- What members may do here beside their own inbox.
  CREATE TABLE account_roles (
    member  TEXT PRIMARY KEY,
    role    TEXT NOT NULL,
    updated TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- NULL: the one who came in by the start link or the access token.
  ALTER TABLE sessions ADD COLUMN member TEXT;
  ALTER TABLE sessions ADD COLUMN created INTEGER;
  ALTER TABLE sessions ADD COLUMN device TEXT;
`
