import { z } from 'zod'
import { route } from './route.ts'

/** The latest restore of the store from a backup. */
export const restoration = z.object({
  taken: z.string().describe('When the backup was taken'),
  restored: z.string().describe('When this server opened it'),
  runs: z.int().describe('That were held then: they were open in the backup and may have gone on since'),
  messages: z.int().describe('That became unknown then: they may have been sent since'),
  held: z.int().describe('Runs that are still held'),
})
export type Restoration = z.infer<typeof restoration>

export const restorationRoutes = {
  restoration: route({
    method: 'GET',
    path: '/api/restoration',
    tag: 'Server',
    summary:
      'Says from which backup the server was restored, and how many runs are still held because of that',
    response: z.object({ latest: restoration.nullable() }),
  }),
  resumeRestored: route({
    method: 'POST',
    path: '/api/restoration/resume',
    tag: 'Server',
    summary:
      'Lets all runs go on that are held because the server was restored from a backup. Messages that may have been ' +
      'sent stay unknown; steps that the backup does not know are carried out',
    response: z.object({ resumed: z.int() }),
  }),
}
