import { httpAnswer } from '../contract/wire-server.ts'
import type { WireBehaviour } from '../contract/wire-server.ts'

/**
 * What HTTP Request nodes of the suite talk to. By path: `/echo` answers with what it was asked, `/status/404` with
 * that status, `/flaky` with 503 the first time, `/moved` with a redirect elsewhere, `/reset` not at all.
 */
export function answerAsTarget(): WireBehaviour {
  let isFirst = true
  return (socket, { head, body }) => {
    const [method = '', path = ''] = head.split(' ')
    const json = (status: number, value: unknown) =>
      socket.write(httpAnswer(status, JSON.stringify(value), { 'content-type': 'application/json' }))
    const [, page, argument] = path.split(/[/?]/)
    switch (page) {
      case 'status':
        return void json(Number(argument), { status: Number(argument) })
      case 'flaky': {
        const status = isFirst ? 503 : 200
        isFirst = false
        return void json(status, { status })
      }
      case 'moved':
        return void socket.write(httpAnswer(302, '', { location: 'http://tracker.example.com/' }))
      case 'reset':
        return void socket.resetAndDestroy()
      default: {
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? null
        const asked = { method, path, type: header('content-type'), authorization: header('authorization') }
        return void json(200, { ...asked, body })
      }
    }
  }
}
