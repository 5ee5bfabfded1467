/** A server whose clock stands where the test puts it and goes on from there; it says when it is up. */
import { createRuntime } from '../../runtime/index.ts'
import { movingClock } from '../support/moving-clock.ts'

const [data, time] = process.argv.slice(2)
await createRuntime({ data: data!, environment: process.env, surroundings: movingClock(time!) })
process.send!('up')
