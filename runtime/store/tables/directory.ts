/** Members, the tree of departments, application roles. Rows of the joining tables keep their order by rowid. */
export const directoryTables = `
  CREATE TABLE members (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL, -- lower case, for search and order
    phone TEXT NOT NULL,
    status TEXT NOT NULL
  ) STRICT;
  CREATE INDEX members_by_name ON members (folded_name, id);
  CREATE INDEX members_by_phone ON members (phone);

  CREATE TABLE departments (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    parent TEXT REFERENCES departments (id)
  ) STRICT;
  CREATE INDEX departments_by_parent ON departments (parent);

  CREATE TABLE member_departments (
    department TEXT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    UNIQUE (department, member)
  ) STRICT;
  CREATE INDEX member_departments_by_member ON member_departments (member);

  CREATE TABLE roles (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
  ) STRICT;
  CREATE TABLE role_members (
    role TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    UNIQUE (role, member)
  ) STRICT;
  CREATE INDEX role_members_by_member ON role_members (member);
  CREATE TABLE role_departments (
    role TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    department TEXT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    UNIQUE (role, department)
  ) STRICT;
  CREATE INDEX role_departments_by_department ON role_departments (department);
`
