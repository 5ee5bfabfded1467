import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { AccountRole } from '../../nodes/api/rights.ts'
import { ApiError } from '../api/api-error.ts'
import { useApi } from '../api/client.ts'

/** Who is asking, and what the server has. */
export const useSession = defineStore('session', () => {
  const api = useApi()
  const status = ref<'checking' | 'signed-in' | 'signed-out' | 'unreachable'>('checking')
  const version = ref('')
  const hasSandbox = ref(false)
  const role = ref<AccountRole>('administrator')
  /** Null: came in by the start link or the access token. */
  const member = shallowRef<{ member: string; name: string } | null>(null)
  /** True at `/sign-in`: the way in is shown to those who are in already too, for example as another person. */
  const asksSignIn = ref(location.pathname === '/sign-in')
  /** True where the link that led here was not (or no longer) valid. */
  const isLinkRefused = ref(false)

  /** Looks for a session; a token in the address bar (`#token=…`) opens one first and is removed from there. */
  async function start() {
    status.value = 'checking'
    const token = /^#token=(.+)$/.exec(location.hash)?.[1]
    if (token) {
      history.replaceState(null, '', location.pathname)
      if (await signIn(decodeURIComponent(token)).then(() => true, isUnreachable)) return
    }
    try {
      const session = await api.call('session')
      version.value = session.version
      hasSandbox.value = session.sandbox
      role.value = session.role
      member.value = session.member
      status.value = 'signed-in'
    } catch (error) {
      status.value = error instanceof ApiError && error.status === 401 ? 'signed-out' : 'unreachable'
    }
  }

  /** False where the link was refused: an older session may still be good. */
  function isUnreachable(error: unknown): boolean {
    if (error instanceof ApiError && error.status !== 0) {
      isLinkRefused.value = true
      return false
    }
    status.value = 'unreachable'
    return true
  }

  /** @throws ApiError where the token is refused */
  async function signIn(token: string) {
    await api.call('openSession', { body: { token } })
    isLinkRefused.value = false
    await enter()
  }

  /** Looks who is in now, after somebody signed in. */
  async function enter() {
    if (asksSignIn.value) history.replaceState(null, '', '/')
    asksSignIn.value = false
    await start()
  }

  async function signOut() {
    await api.call('closeSession')
    status.value = 'signed-out'
  }

  function markSignedOut() {
    if (status.value === 'signed-in') status.value = 'signed-out'
  }

  return {
    status,
    version,
    hasSandbox,
    role,
    member,
    asksSignIn,
    isLinkRefused,
    start,
    signIn,
    enter,
    signOut,
    markSignedOut,
  }
})
