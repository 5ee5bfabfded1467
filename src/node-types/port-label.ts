import { ERROR_PORT } from '../../nodes/define.ts'
import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Translate } from '../i18n/index.ts'

/** Label of an output, as its card shows it; branches of a condition carry their own titles. */
export function portLabel(node: GraphNode, port: string, t: Translate): string {
  const branches = node.params['branches']
  if (Array.isArray(branches)) {
    const place = branches.findIndex((each) => isBranch(each) && each.id === port)
    if (place >= 0) {
      const { title } = branches[place] as { title?: unknown }
      return (typeof title === 'string' && title) || t('canvas.branch', { number: place + 1 })
    }
  }
  if (port === ERROR_PORT) return t('canvas.errorPort')
  return t(`nodes.${node.type}.ports.${port}`)
}

function isBranch(value: unknown): value is { id: string; title?: unknown } {
  return typeof value === 'object' && value !== null && 'id' in value
}
