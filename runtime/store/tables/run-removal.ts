/** Ended runs whose time is up and which are being removed, a few rows at a time. */
export const runRemovalTable = 'CREATE TABLE run_removal (run_id TEXT PRIMARY KEY) WITHOUT ROWID;'
