/** Steps whose failed messages are sent again by hand, also after the end of their run. Gone once all are settled. */
export const redeliveryTables = `
  CREATE TABLE redelivery (
    run_id  TEXT NOT NULL,
    path    TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (run_id, path)
  ) WITHOUT ROWID;
`
