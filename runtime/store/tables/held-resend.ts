/** Why an unknown message was not sent again, or waits to be: what the policy of its service said last. */
export const heldResendColumn = `
  ALTER TABLE reconciliation ADD COLUMN held TEXT; -- a reason for skipping people, or expired
`
