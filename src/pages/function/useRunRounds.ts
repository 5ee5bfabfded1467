import { computed, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { Run } from '../../../nodes/api/runs.ts'
import { rowsOf } from '../../stores/run-rounds.ts'
import type { ChosenRounds } from '../../stores/run-rounds.ts'

/** The steps of a run that are looked at: of each loop one round, which can be chosen. */
export function useRunRounds(run: Readonly<Ref<Run | null>>) {
  const chosen = shallowRef<ChosenRounds>(new Map())
  watch(
    () => run.value?.id,
    () => (chosen.value = new Map()),
  )
  return {
    rows: computed(() => (run.value ? rowsOf(run.value, chosen.value) : [])),
    choose: (path: string, round: string) => (chosen.value = new Map([...chosen.value, [path, round]])),
  }
}
