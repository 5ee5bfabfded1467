/** A long import of members on its way into the directory; `organisation.importing` is 1 once all of it is here. */
export const memberImportTable = `
  CREATE TABLE member_import (
    number INTEGER PRIMARY KEY,
    row TEXT NOT NULL -- JSON: { department } or { member }
  ) STRICT;
  ALTER TABLE organisation ADD COLUMN importing INTEGER NOT NULL DEFAULT 0;
`
