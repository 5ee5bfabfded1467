import { mayDo, rights } from '../../nodes/api/rights.ts'
import type { RouteName } from '../../nodes/api/routes.ts'
import { useSession } from './session.ts'

/** What whoever is signed in may do. The server decides anew each time: this only leaves out what it would refuse. */
export function useRights() {
  const session = useSession()
  return { can: (route: RouteName): boolean => mayDo(session.role, rights[route]) }
}
