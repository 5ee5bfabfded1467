/**
 * The thread that takes the write-ahead log over into the main file. Under load that is tens of megabytes and two waits
 * for the disk at a time, which must hold no run up.
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** So few pages of the log are left to the connection that writes: only it can come to the end of what it writes. */
const FEW_PAGES = 256
/** While it copies, further pages come. */
const MOST_ROUNDS = 20

const { file } = workerData as { file: string }
const connection = new DatabaseSync(file, { timeout: 1_000 })
connection.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)')

parentPort!.on('message', () => {
  let before = -FEW_PAGES
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { checkpointed } = checkpoint.get() as { checkpointed: number }
    // What came while the last round copied is about what comes while the next one does.
    if (checkpointed - before <= FEW_PAGES) break
    before = checkpointed
  }
  parentPort!.postMessage('done')
})
