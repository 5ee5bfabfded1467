import type { Runtime } from '../../runtime.ts'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import type { Handlers } from '../handler.ts'

export function tryItHandlers({ tryIt }: Runtime) {
  return {
    getTryItData: ({ params }) => tryIt.data.get(params.name),
    changeTryItData: ({ params, body }) => tryIt.data.change(params.name, body),
    startDebug: async ({ params, body }) => ({ id: await tryIt.debug(params.name, body) }),
    debugEvents({ params, stream }) {
      const stop = tryIt.sessions.watch(params.id, (event) => {
        stream.send(event.type, event)
        if (event.type === 'finished') stream.end()
      })
      stream.onClose(stop)
    },
    debugCommand: ({ params, body }) => tryIt.sessions.get(params.id).perform(body),
    tryNode: ({ params, body }) => tryIt.tryNode(params.name, body),
    replayFunction: ({ params, body: { limit, graph } }) =>
      tryIt.replay(params.name, limit, graph === undefined ? undefined : loadGraph(graph)),
  } satisfies Partial<Handlers>
}
