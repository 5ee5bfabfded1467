import { Pool } from 'undici'

const CONNECTIONS = 64

/** Makes the same POST again and again; a run that does not end as `done` is an error. */
export function caller(origin: string, path: string, headers: Record<string, string>, body: string) {
  const pool = new Pool(origin, { connections: CONNECTIONS })
  return {
    async call() {
      const answer = await pool.request({ path, method: 'POST', headers, body })
      const { status } = (await answer.body.json()) as { status: string }
      if (status !== 'done') throw new Error(`The run ended as ${status}`)
    },
    close: () => pool.close(),
  }
}
