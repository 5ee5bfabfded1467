/** What people keep beside a function to try it: sample inputs, pinned outputs, breakpoints. */
export const tryItTable = `
  CREATE TABLE function_try_it (
    function TEXT PRIMARY KEY REFERENCES functions (name) ON DELETE CASCADE,
    content TEXT NOT NULL -- JSON
  ) STRICT, WITHOUT ROWID;
`
