/**
 * Signing in by a password. `account` is the id of a member; empty: the administrator who comes in by the start link or the
 * access token. Times are milliseconds since 1970.
 */
export const passwordTables = `
  CREATE TABLE passwords (
    account TEXT PRIMARY KEY,
    name    TEXT NOT NULL,        -- by which its owner signs in, as it was typed
    folded  TEXT NOT NULL UNIQUE, -- the same without differences that nobody sees
    hash    TEXT NOT NULL,        -- argon2id, in the PHC string format
    changed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Browsers in which a password was right before: guesses of strangers do not make them wait.
  CREATE TABLE known_browsers (
    hash    BLOB PRIMARY KEY, -- SHA-256 of the token in its cookie
    account TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX known_browsers_account ON known_browsers (account, created);

  -- Wrong tries since the last right one, or within the last day: who was tried, and from where.
  CREATE TABLE sign_in_tries (
    key   TEXT PRIMARY KEY,
    wrong INTEGER NOT NULL,
    last  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sign_in_tries_last ON sign_in_tries (last);

  -- A member who comes back with the same id is somebody else, for all that is known.
  CREATE TRIGGER password_leaves_with_member AFTER DELETE ON members BEGIN
    DELETE FROM passwords WHERE account = old.id;
    DELETE FROM known_browsers WHERE account = old.id;
  END;

  -- By what a session was opened: token, code, password, passkey. NULL: before that was noted.
  ALTER TABLE sessions ADD COLUMN way TEXT;
`
