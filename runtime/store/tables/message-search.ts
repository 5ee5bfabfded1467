/**
 * The messages that people look for, by time: those that were not simply accepted, and those that did not arrive. A
 * message that is accepted at its first attempt is never in these indexes, so sending does not pay for them: half a
 * microsecond each for the comparison. (With `IN` over a longer list it would be four: SQLite builds a table for it.)
 */
export const messageSearchTables = `
  CREATE INDEX message_exception ON message (run_id, number, state)
    WHERE state <> 'accepted' AND state <> 'dispatching' AND state <> 'planned' AND state <> 'retry-wait';
  CREATE INDEX message_not_delivered ON message (run_id, number)
    WHERE delivery = 'undelivered' OR delivery = 'failed';
`
