import type { FastifyRequest } from 'fastify'
import { authorOf } from '../author.ts'
import type { Access } from '../access.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function functionHandlers(runtime: Runtime, access: Access) {
  const { functions, directory } = runtime
  const author = (request: FastifyRequest) =>
    authorOf(request, access, (member) => directory.memberStore.byIds([member])[0]?.name)
  return {
    listFunctions: () => functions.list(),
    createFunction: ({ body, request }) => functions.create({ ...body, author: author(request) }),
    getFunction: ({ params }) => functions.get(params.name),
    saveFunction: ({ params, body, request }) =>
      functions.save(params.name, { ...body, author: author(request) }),
    publishFunction: ({ params, body, request }) =>
      runtime.publish(params.name, { ...body, author: author(request) }),
    listFunctionVersions({ params }) {
      functions.draft(params.name)
      return [...functions.versions.list(params.name)]
    },
    getFunctionVersion: ({ params }) => functions.versions.get(params.name, params.number),
    exportFunction: ({ params, query }) => runtime.transfer.export(params.name, query.version),
    readFunctionText: async ({ params, query }) => ({
      text: await runtime.transfer.text(params.name, query.version, query.locale),
    }),
    readFunctionFile: ({ body }) => runtime.transfer.read(body),
    deleteFunction: ({ params }) => functions.delete(params.name),
  } satisfies Partial<Handlers>
}
