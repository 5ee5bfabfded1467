import type { XRayProblem } from '../../nodes/api/x-ray.ts'
import { FlowError } from '../../nodes/errors.ts'

/** What would make a step fail, collected instead of thrown: an X-ray shows as much as it can. */
export class Problems {
  readonly errors: FlowError[] = []

  /** @returns what `work` answers, or nothing where it throws a FlowError */
  noted<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      this.errors.push(error)
      return undefined
    }
  }

  get list(): XRayProblem[] {
    return this.errors.map(({ code, message, hint, params }) => ({
      code,
      message,
      ...(hint !== undefined && { hint }),
      ...(Object.keys(params).length > 0 && { params }),
    }))
  }
}
