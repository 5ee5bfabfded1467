/** Which step of a run has used a code: after a crash it gets the same answer again. */
export const codeUseColumn = 'ALTER TABLE login_codes ADD COLUMN used_by TEXT'
