/**
 * What a directory in earnest knows beside names and numbers: language, time zone and the identity provider's ids of
 * people, leaders of departments, organisation roles, and the organisation's own settings (one row).
 */
export const organisationTables = `
  ALTER TABLE members ADD COLUMN locale TEXT;
  ALTER TABLE members ADD COLUMN time_zone TEXT;
  ALTER TABLE members ADD COLUMN email TEXT;
  ALTER TABLE members ADD COLUMN user_name TEXT;
  ALTER TABLE members ADD COLUMN external_id TEXT;
  ALTER TABLE members ADD COLUMN phone_problem TEXT; -- why the number takes no text, found when it was written
  CREATE UNIQUE INDEX members_by_own_user_name ON members (lower(user_name)) WHERE user_name IS NOT NULL;
  -- an identity provider looks for people by their user name; those who have none yet by their e-mail address
  CREATE INDEX members_by_user_name ON members (lower(coalesce(user_name, email, id)));
  CREATE INDEX members_by_external_id ON members (external_id) WHERE external_id IS NOT NULL;

  CREATE TABLE department_leaders (
    department TEXT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    UNIQUE (department, member)
  ) STRICT;
  CREATE INDEX department_leaders_by_member ON department_leaders (member);

  CREATE TABLE organisation_roles (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    external_id TEXT
  ) STRICT;
  CREATE TABLE organisation_role_members (
    role TEXT NOT NULL REFERENCES organisation_roles (id) ON DELETE CASCADE,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    UNIQUE (role, member)
  ) STRICT;
  CREATE INDEX organisation_role_members_by_member ON organisation_role_members (member);
  CREATE TABLE role_organisation_roles (
    role TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    organisation_role TEXT NOT NULL REFERENCES organisation_roles (id) ON DELETE CASCADE,
    UNIQUE (role, organisation_role)
  ) STRICT;
  CREATE INDEX role_organisation_roles_by_role ON role_organisation_roles (organisation_role);

  CREATE TABLE organisation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    country TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    phone_key TEXT NOT NULL -- makes the tokens that stand for numbers of nobody
  ) STRICT;
`
