import { computed, onScopeDispose, ref } from 'vue'

/** Seconds until a moment that is set anew each time; 0 once it is over. */
export function useCountdown() {
  const until = ref(0)
  const now = ref(Date.now())
  const ticking = setInterval(() => (now.value = Date.now()), 250)
  onScopeDispose(() => clearInterval(ticking))

  return {
    left: computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1_000))),
    start(seconds: number) {
      now.value = Date.now()
      until.value = now.value + seconds * 1_000
    },
  }
}
