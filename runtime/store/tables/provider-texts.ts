/** Texts of templates that are kept at providers, as they were last read from there. */
export const providerTextTable = `
  CREATE TABLE provider_texts (
    service TEXT NOT NULL REFERENCES sms_services (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    account TEXT NOT NULL, -- whose template it is: another account has another text under the same code
    text TEXT NOT NULL,
    PRIMARY KEY (service, code)
  ) STRICT, WITHOUT ROWID;
`
