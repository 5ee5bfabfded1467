/**
 * What became of messages after they were sent, who wants none, and what receipts need. Nothing here is written for a
 * message that is accepted at once, until somebody says something of it.
 */
export const deliveryTables = `
  -- What receipts have proved so far; \`delivery\` only rises. The code is the provider's for a failure.
  ALTER TABLE message ADD COLUMN delivery TEXT;
  ALTER TABLE message ADD COLUMN delivery_code TEXT;
  ALTER TABLE message ADD COLUMN delivery_conflict INTEGER; -- 1: delivered by one receipt, failed by another

  -- What a provider, a look-up or a person said of a message later: only added to, nothing personal in it.
  CREATE TABLE receipt (
    run_id      TEXT NOT NULL,
    number      INTEGER NOT NULL,
    digest      TEXT NOT NULL, -- of what it says: the same receipt once more is none
    at          INTEGER NOT NULL,
    source      TEXT NOT NULL,
    status      TEXT NOT NULL, -- the word of the source
    code        TEXT,
    proof       TEXT NOT NULL,
    delivery    TEXT,
    provider_id TEXT,
    facts       TEXT NOT NULL,
    PRIMARY KEY (run_id, number, digest)
  ) WITHOUT ROWID;

  -- Unknown messages, and when the provider is asked for them next. A message that is not unknown any more has no row.
  CREATE TABLE reconciliation (
    run_id       TEXT NOT NULL,
    number       INTEGER NOT NULL,
    phase        TEXT NOT NULL, -- waiting | absent | final | resending
    since        INTEGER NOT NULL, -- begin of the attempt: what the provider took earlier is another message
    absent_after INTEGER NOT NULL, -- from here on a look-up that finds nothing counts
    due          INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    absences     TEXT NOT NULL, -- moments of look-ups that counted and found nothing
    PRIMARY KEY (run_id, number)
  ) WITHOUT ROWID;
  CREATE INDEX reconciliation_due ON reconciliation (due) WHERE phase = 'waiting';
  INSERT INTO reconciliation
    SELECT run_id, number, 'waiting', created, updated + 60000, 0, 0, '[]' FROM message WHERE state = 'unknown';

  -- Who wants no texts from a sender. Kept after it is lifted, as a record of both.
  CREATE TABLE opt_out (
    service_id  TEXT NOT NULL, -- empty: every service
    sender      TEXT NOT NULL, -- what the person answered to, where that is known
    phone       TEXT NOT NULL,
    source      TEXT NOT NULL, -- reply | provider | person
    reason      TEXT NOT NULL,
    since       INTEGER NOT NULL,
    lifted      INTEGER,
    lifted_why  TEXT,
    PRIMARY KEY (service_id, phone, sender, source)
  ) WITHOUT ROWID;

  -- Answers from phones that were taken: a repeated or replayed one has no second effect. Without their text.
  CREATE TABLE inbound (
    id      TEXT PRIMARY KEY, -- provider and its own id
    at      INTEGER NOT NULL,
    meaning TEXT NOT NULL -- stop | start | other
  ) WITHOUT ROWID;

  -- Moments until which a step waits: set once, kept over restarts.
  CREATE TABLE timer (
    run_id TEXT NOT NULL,
    path   TEXT NOT NULL,
    due    INTEGER NOT NULL,
    PRIMARY KEY (run_id, path)
  ) WITHOUT ROWID;

  -- The secret part of the address where a provider that does not sign reports to us, encrypted.
  CREATE TABLE callback_secrets (
    service TEXT PRIMARY KEY REFERENCES sms_services (id) ON DELETE CASCADE,
    record  TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL -- JSON
  ) STRICT, WITHOUT ROWID;
`
