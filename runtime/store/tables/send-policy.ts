/** What each service may send, and how much of it is used up. */
export const sendPolicyTables = `
  ALTER TABLE sms_services ADD COLUMN policy TEXT NOT NULL DEFAULT '{}'; -- nodes/services/sms/policy.ts
`
