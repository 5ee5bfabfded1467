import { defineExecutor } from '../execution.ts'
import { start } from './definition.ts'

export const startExecutor = defineExecutor(start, () => ({ port: 'next' }), { inDryRun: true, pure: true })
