import type { XRayProblem } from '../../nodes/api/x-ray.ts'
import { FlowError } from '../../nodes/errors.ts'

/** What would make a step fail, collected instead of thrown: an X-ray shows as much as it can. */
export class Problems {
  readonly list: XRayProblem[] = []

  /** @returns what `work` answers, or nothing where it throws a FlowError */
  noted<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      this.list.push({
        code: error.code,
        message: error.message,
        ...(error.hint !== undefined && { hint: error.hint }),
        ...(Object.keys(error.params).length > 0 && { params: error.params }),
      })
      return undefined
    }
  }
}
