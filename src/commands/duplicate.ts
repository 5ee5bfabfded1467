import type { NodeDefinition } from '../../nodes/define.ts'
import type { Command } from '../stores/graph-document.ts'
import { copyFragment } from './graph-fragment.ts'
import { paste } from './paste.ts'

/** How far a duplicate stands from its original. */
const OFFSET = { x: 32, y: 32 }

/** Copies nodes next to themselves, without a detour over the clipboard. */
export function duplicate(nodeIds: Iterable<string>, definitions: readonly NodeDefinition[]): Command {
  return (document) => {
    const fragment = copyFragment(document, nodeIds)
    return fragment && paste(fragment, OFFSET, definitions, 'duplicate')(document)
  }
}
