import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ErrorCode } from '../../../nodes/errors.ts'
import { GroupCommit } from '../../../runtime/ledger/group-commit.ts'
import { Database } from '../../../runtime/store/database.ts'
import { newFolder } from '../../support/product.ts'

let database: Database
let commits: GroupCommit
/** Another process that looks into the same file: it sees what is committed. */
let onlooker: DatabaseSync
/** Calls of `sync` that the disk has not answered yet. */
let disk: ((error: Error | null) => void)[]

beforeEach(() => {
  const file = path.join(newFolder(), 'group.db')
  database = new Database(file)
  database.prepare('CREATE TABLE note (text TEXT PRIMARY KEY)').run()
  onlooker = new DatabaseSync(file)
  disk = []
  database.sync = (done) => void disk.push(done)
  commits = new GroupCommit(database)
})
afterEach(() => {
  onlooker.close()
  database.close()
})

const note = (text: string) =>
  commits.write(() => database.prepare('INSERT INTO note VALUES (?)').run(text).changes)
const committed = () =>
  onlooker
    .prepare('SELECT text FROM note')
    .all()
    .map(({ text }) => text)
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('does what is asked while the disk is busy in the next commit, and answers when that one is on disk', async () => {
  const answered: string[] = []
  void note('one').then(() => answered.push('one'))
  await turn()
  void note('two').then(() => answered.push('two'))
  await turn()
  void note('three').then(() => answered.push('three'))
  await turn()
  expect(disk).toHaveLength(1)
  expect(committed()).toEqual(['one'])
  disk[0]!(null)
  await turn()
  expect(answered).toEqual(['one'])
  expect(disk).toHaveLength(2)
  expect(committed()).toEqual(['one', 'two', 'three'])
  disk[1]!(null)
  await turn()
  expect(answered).toEqual(['one', 'two', 'three'])
})

it('keeps what was asked for earlier when somebody else writes in between', async () => {
  void note('one')
  await turn()
  const two = note('two')
  await turn()
  database.prepare('INSERT INTO note VALUES (?)').run('from a page')
  expect(committed()).toEqual(['one', 'two', 'from a page'])
  disk[0]!(null)
  disk[1]!(null)
  expect(await two).toBe(1)
})

it('lets one bad write harm neither those before it nor those beside it', async () => {
  void note('one')
  await turn()
  const two = note('two')
  await turn()
  const again = note('one')
  const three = note('three')
  await expect(again).rejects.toMatchObject({ code: ErrorCode.StoreUnavailable })
  expect(await Promise.all([two, three])).toEqual([1, 1])
  expect(committed()).toEqual(['one', 'two', 'three'])
})

it('refuses whatever was asked for after a write that the full disk refused', async () => {
  const transaction = database.transaction.bind(database)
  let transactions = 0
  database.gather = () => {
    throw diskFull()
  }
  // The first finds space, the second does not, and then there is some again.
  database.transaction = (work) => {
    if (++transactions === 2) throw diskFull()
    return transaction(work)
  }
  const [one, two, three] = await Promise.allSettled(['one', 'two', 'three'].map(insert))
  expect([one!.status, two!.status, three!.status]).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(committed()).toEqual(['one'])
})
/** Without a transaction of its own inside the one that is counted. */
const insert = (text: string) =>
  commits.write(() => database.prepareGathered('INSERT INTO note VALUES (?)').run(text).changes)
const diskFull = () => Object.assign(new Error('database or disk is full'), { errcode: 13 })

it('writes nothing more after the disk refused, and says so to everybody', async () => {
  const one = note('one')
  await turn()
  const two = note('two')
  await turn()
  disk[0]!(new Error('EIO'))
  const refused = { code: ErrorCode.StoreUnavailable }
  await expect(one).rejects.toMatchObject(refused)
  await expect(two).rejects.toMatchObject(refused)
  await expect(note('three')).rejects.toMatchObject(refused)
  expect(committed()).toEqual(['one'])
})
