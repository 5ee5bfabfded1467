import { onActivated, onDeactivated, readonly, ref, type Ref } from 'vue'

/** Whether the page that this component stands on is shown. What hangs outside of its page has to go with it. */
export function useInSight(): Readonly<Ref<boolean>> {
  const isInSight = ref(true)
  onActivated(() => (isInSight.value = true))
  onDeactivated(() => (isInSight.value = false))
  return readonly(isInSight)
}
