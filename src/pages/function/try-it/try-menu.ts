import { Circle, CircleOff, Pin, PinOff, Play } from '@lucide/vue'
import type { RunStep } from '../../../../nodes/api/runs.ts'
import type { Translate } from '../../../i18n/index.ts'
import type { GraphStore } from '../../../stores/graph-store.ts'
import type { UiMenuItem } from '../../../ui/index.ts'
import type { TryIt } from './useTryIt.ts'

interface TryMenuOptions {
  store: GraphStore
  tryIt: TryIt
  t: Translate
  /** Says what went wrong. */
  attempt: (work: () => Promise<unknown>) => void
  pin: (step: RunStep) => Promise<void>
  tryNode: (nodeId: string) => void
}

/** What the menu of a node offers for trying the function. */
export function tryMenu(
  nodeId: string,
  { store, tryIt, t, attempt, pin, tryNode }: TryMenuOptions,
): UiMenuItem[] {
  const type = store.node(nodeId)?.type
  if (type === undefined || type === 'comment') return []
  const hasBreakpoint = tryIt.hasBreakpoint(nodeId)
  const pinnable = tryIt.pinnable(nodeId)
  const items: UiMenuItem[] = [
    {
      label: t(hasBreakpoint ? 'tryIt.removeBreakpoint' : 'tryIt.addBreakpoint'),
      icon: hasBreakpoint ? CircleOff : Circle,
      shortcut: 'F9',
      run: () => attempt(() => tryIt.toggleBreakpoint(nodeId)),
    },
  ]
  if (type !== 'start') {
    items.push({ label: t('tryIt.runNode'), icon: Play, run: () => tryNode(nodeId) })
  }
  if (tryIt.isPinned(nodeId)) {
    items.push({ label: t('tryIt.unpin'), icon: PinOff, run: () => attempt(() => tryIt.unpin(nodeId)) })
  } else if (pinnable) {
    items.push({ label: t('tryIt.pin'), icon: Pin, run: () => void pin(pinnable) })
  }
  return items
}
