/** Message templates. `content` is the JSON of everything but the columns beside it. */
export const messageTemplateTables = `
  CREATE TABLE message_templates (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    updated TEXT NOT NULL
  ) STRICT;
`
