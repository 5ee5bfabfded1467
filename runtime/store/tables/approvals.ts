/**
 * Requests that go through approval processes. Each is one run at a time; a run that goes back to an earlier step ends, and
 * another one goes on. Names of people are kept as they were. Times are milliseconds since 1970.
 */
export const approvalTables = `
  CREATE TABLE request (
    id             TEXT PRIMARY KEY, -- of its first run
    function_name  TEXT NOT NULL,
    process_title  TEXT NOT NULL,
    title          TEXT NOT NULL,
    initiator      TEXT NOT NULL,
    initiator_name TEXT NOT NULL,
    input          TEXT NOT NULL,
    run_id         TEXT NOT NULL, -- that goes on with it now
    version        TEXT NOT NULL, -- hash of its graph
    round          INTEGER NOT NULL,
    state          TEXT NOT NULL,
    -- Path of the step that the next run begins at, while one is being made.
    back_to        TEXT,
    urged          INTEGER,
    created        INTEGER NOT NULL,
    finished       INTEGER
  ) STRICT;
  CREATE INDEX request_run ON request (run_id);
  CREATE INDEX request_initiator ON request (initiator, id);
  CREATE INDEX request_open ON request (id) WHERE state = 'running';

  -- A step of a run that waits, or waited, for people.
  CREATE TABLE approval (
    id         TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    run_id     TEXT NOT NULL,
    path       TEXT NOT NULL,
    title      TEXT NOT NULL,
    rules      TEXT NOT NULL, -- JSON: how it is decided, and the text
    state      TEXT NOT NULL, -- open, paused, approved, rejected, returned, cancelled
    due        INTEGER,
    result     TEXT,
    taken      INTEGER NOT NULL DEFAULT 0, -- 1: the run has gone on with the result
    opened     INTEGER NOT NULL,
    closed     INTEGER,
    UNIQUE (run_id, path)
  ) STRICT;
  CREATE INDEX approval_request ON approval (request_id, opened);
  CREATE INDEX approval_due ON approval (due) WHERE state = 'open' AND due IS NOT NULL;
  CREATE INDEX approval_untaken ON approval (run_id) WHERE result IS NOT NULL AND taken = 0;
  CREATE INDEX approval_waiting ON approval (request_id) WHERE state IN ('open', 'paused');

  -- One person's part in such a step. \`behalf\`: whom the person stands in for.
  CREATE TABLE approval_task (
    id          TEXT PRIMARY KEY,
    approval_id TEXT NOT NULL REFERENCES approval (id),
    request_id  TEXT NOT NULL,
    member      TEXT NOT NULL,
    name        TEXT NOT NULL,
    behalf      TEXT,
    behalf_name TEXT,
    seat        INTEGER NOT NULL,
    state       TEXT NOT NULL,
    link        BLOB, -- SHA-256 of the token of its text's link
    created     INTEGER NOT NULL,
    decided     INTEGER
  ) STRICT;
  CREATE INDEX approval_task_of_step ON approval_task (approval_id, seat);
  CREATE INDEX approval_task_of_request ON approval_task (request_id, member);
  CREATE INDEX approval_task_open ON approval_task (member, id) WHERE state = 'open';
  CREATE INDEX approval_task_done ON approval_task (member, decided) WHERE decided IS NOT NULL;
  CREATE UNIQUE INDEX approval_task_link ON approval_task (link) WHERE link IS NOT NULL;

  -- The history of a request, in its order. \`facts\`: JSON, see \`requestEvent\` of the API.
  CREATE TABLE request_event (
    number     INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    facts      TEXT NOT NULL
  ) STRICT;
  CREATE INDEX request_event_of ON request_event (request_id, number);

  CREATE TABLE request_copy (
    request_id TEXT NOT NULL REFERENCES request (id),
    member     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    read_at    INTEGER,
    PRIMARY KEY (request_id, member)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX request_copy_of ON request_copy (member, at);

  -- A text about a request. \`plan\`: JSON, what to send; \`due\` while it waits for its time; each is a run of its own.
  CREATE TABLE request_text (
    id         TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    task_id    TEXT,
    member     TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    step       TEXT NOT NULL,
    plan       TEXT NOT NULL,
    state      TEXT NOT NULL, -- due, dropped, sent
    due        INTEGER NOT NULL,
    run_id     TEXT
  ) STRICT;
  CREATE INDEX request_text_of ON request_text (request_id);
  CREATE INDEX request_text_of_task ON request_text (task_id) WHERE state = 'due';
  CREATE INDEX request_text_unstarted ON request_text (id) WHERE state = 'sent' AND run_id IS NULL;
  CREATE INDEX request_text_due ON request_text (due) WHERE state = 'due';

  CREATE TABLE request_draft (
    member        TEXT NOT NULL,
    function_name TEXT NOT NULL,
    input         TEXT NOT NULL,
    updated       INTEGER NOT NULL,
    PRIMARY KEY (member, function_name)
  ) STRICT, WITHOUT ROWID;

  -- Somebody else decides for a time.
  CREATE TABLE delegation (
    id          TEXT PRIMARY KEY,
    member      TEXT NOT NULL,
    deputy      TEXT NOT NULL,
    deputy_name TEXT NOT NULL,
    starts      INTEGER NOT NULL,
    ends        INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX delegation_of ON delegation (member, ends);
`
