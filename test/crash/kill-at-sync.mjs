// Loaded before a program (`node --import`): ends the process as `kill -9` does, at the KILL_AT-th time that it brings
// something to the disk, just before or just after. These are the moments between which a crash makes a difference.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const at = Number(process.env.KILL_AT)
let count = 0

function boundary(call, args, then) {
  count++
  if (count === at && process.env.KILL_WHEN === 'before') process.kill(process.pid, 'SIGKILL')
  call(...args, (...results) => {
    if (count === at && process.env.KILL_WHEN === 'after') process.kill(process.pid, 'SIGKILL')
    then(...results)
  })
}

const { fdatasync } = fs
fs.fdatasync = (descriptor, then) => boundary(fdatasync, [descriptor], then)

// changes that are one transaction of their own, and waited for
const { fdatasyncSync } = fs
fs.fdatasyncSync = (descriptor) => {
  if (process.env.KILL_IN !== 'transactions') return fdatasyncSync(descriptor)
  count++
  if (count === at && process.env.KILL_WHEN === 'before') process.kill(process.pid, 'SIGKILL')
  fdatasyncSync(descriptor)
  if (count === at && process.env.KILL_WHEN === 'after') process.kill(process.pid, 'SIGKILL')
}
syncBuiltinESMExports()
