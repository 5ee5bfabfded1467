import { setFlagsFromString } from 'node:v8'

/**
 * Nearly everything that a start allocates stays. V8 takes that for load and makes room for more of it: 25 MB that an
 * idle server then keeps. Call before anything else is loaded.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** As V8 has it by itself: under load it grows. */
export function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
}
