import type { z } from 'zod'

/** One step between two formats of the saved file. */
export interface Migration {
  /** What a file of the older format looks like, as far as the step reads it. */
  before: z.ZodType
  /** Makes the next format of it. Gets what `before` let through. */
  migrate: (document: unknown) => unknown
}

/** Types one step by the schema of the format it starts from. */
export function defineMigration<Before extends z.ZodType>(step: {
  before: Before
  migrate: (document: z.output<Before>) => unknown
}): Migration {
  return step as Migration
}
