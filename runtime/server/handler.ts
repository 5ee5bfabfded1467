import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { RouteName, Routes } from '../../nodes/api/routes.ts'
import type { Caller } from './access.ts'
import type { EventStream } from './event-stream.ts'

type Parsed<R, Part extends 'params' | 'query' | 'body'> =
  R extends Record<Part, infer Schema extends z.ZodType> ? z.output<Schema> : undefined

/** A request that was let in and checked against its route's schemas. */
export interface HandlerRequest<N extends RouteName> {
  params: Parsed<Routes[N], 'params'>
  query: Parsed<Routes[N], 'query'>
  body: Parsed<Routes[N], 'body'>
  caller: Caller
  /** For headers that are no part of the route's declaration. */
  request: FastifyRequest
  reply: FastifyReply
  /** Only of use to routes with `stream`. */
  stream: EventStream
}

/** A file that is sent while it is made. */
export interface Download {
  /** As it is called when it is kept. */
  name: string
  parts: AsyncIterable<string>
}

type Answer<N extends RouteName> = Routes[N] extends { stream: true }
  ? unknown
  : Routes[N] extends { download: true }
    ? Download
    : Routes[N]['response'] extends z.ZodType
      ? z.input<Routes[N]['response']>
      : unknown

export type Handler<N extends RouteName> = (request: HandlerRequest<N>) => Answer<N> | Promise<Answer<N>>

/** One handler per route: the compiler names the route that has none. */
export type Handlers = { [N in RouteName]: Handler<N> }
