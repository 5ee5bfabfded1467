import { z } from 'zod'
import { route } from './route.ts'

export const metricsRoutes = {
  metrics: route({
    method: 'GET',
    path: '/metrics',
    tag: 'Server',
    summary: 'Writes figures of the server for Prometheus. A token with the scope `metrics` is enough',
    response: z.string(),
    text: 'text/plain; version=0.0.4; charset=utf-8',
  }),
}
