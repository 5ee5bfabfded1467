export const directoryTables = ''
