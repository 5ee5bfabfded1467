/** Runs that failed or were cancelled: few of many, and the ones people look for. A run that is done is never in it. */
export const runSearchTables = `
  CREATE INDEX run_exception ON run (id, function_name, status)
    WHERE status <> 'running' AND status <> 'queued' AND status <> 'done';
`
