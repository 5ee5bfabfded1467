/**
 * Codes of an app, asked for after a password. `account` as in `passwords`. Times are milliseconds since 1970.
 */
export const secondFactorTables = `
  CREATE TABLE second_factors (
    account   TEXT PRIMARY KEY,
    secret    TEXT NOT NULL,    -- sealed by the vault
    last_step INTEGER NOT NULL, -- of the newest code that was taken: each is taken once
    since     INTEGER           -- NULL: not proven by a code yet, and not asked for
  ) STRICT, WITHOUT ROWID;

  -- Those that are not used yet.
  CREATE TABLE recovery_codes (
    account TEXT NOT NULL,
    code    BLOB NOT NULL, -- an HMAC whose key is derived from the master key
    PRIMARY KEY (account, code)
  ) STRICT, WITHOUT ROWID;

  -- Who showed a right password and is asked for a code.
  CREATE TABLE second_factor_tickets (
    hash    BLOB PRIMARY KEY, -- SHA-256 of the ticket
    account TEXT NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER second_factor_leaves_with_password AFTER DELETE ON passwords BEGIN
    DELETE FROM second_factors WHERE account = old.account;
  END;
  CREATE TRIGGER codes_leave_with_second_factor AFTER DELETE ON second_factors BEGIN
    DELETE FROM recovery_codes WHERE account = old.account;
    DELETE FROM second_factor_tickets WHERE account = old.account;
  END;
  -- What another password opened is worth nothing after it.
  CREATE TRIGGER tickets_leave_with_old_password AFTER UPDATE OF hash ON passwords BEGIN
    DELETE FROM second_factor_tickets WHERE account = old.account;
  END;
`
