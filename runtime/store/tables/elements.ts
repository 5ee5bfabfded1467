export const elementTables = ''
