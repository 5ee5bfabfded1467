export const ledgerTables = ''
