import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** A run that the page of its function is to show next, with its input in the form for a new one. */
export const useRunToLoad = defineStore('run-to-load', () => {
  const asked = shallowRef<{ functionName: string; runId: string } | null>(null)

  function ask(functionName: string, runId: string) {
    asked.value = { functionName, runId }
  }

  /** @returns the run that this function's page is asked to show, once */
  function take(functionName: string): string | null {
    if (asked.value?.functionName !== functionName) return null
    const { runId } = asked.value
    asked.value = null
    return runId
  }

  return { asked, ask, take }
})
