import { restoreBackup, writeBackup } from '../store/backup.ts'

export interface BackupOptions {
  /** Of the backup. */
  file: string
  data: string
  print: (text: string) => void
}

/** Writes the store into a file, beside a server that works on it or without one. */
export function backupCommand({ file, data, print }: BackupOptions): number {
  const { size } = writeBackup(data, file, Date.now())
  print(
    `Backup: ${file} (${megabytes(size)})\n` +
      'Secrets in it are encrypted. Keep their key (SMS_LOGIC_KEY, or the key file) in another place: without it they are lost.\n',
  )
  return 0
}

/** Makes a new data folder of a backup. */
export function restoreCommand({ file, data, print }: BackupOptions): number {
  const { size, taken } = restoreBackup(file, data)
  print(
    `Restored: ${data} (${megabytes(size)}), as it was at ${new Date(taken).toISOString()}\n` +
      'Never start the folder that the backup was taken of again beside this one. The first start holds every run that was\n' +
      'open then, since it may have gone on: look at them in the page Runs, and let them go on or cancel them.\n',
  )
  return 0
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}
