export const sessionTables = ''
