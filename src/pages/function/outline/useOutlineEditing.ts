import type { NodeDefinition } from '../../../../nodes/define.ts'
import type { Graph, GraphNode } from '../../../../nodes/graph/schema.ts'
import { translate } from '../../../../nodes/locales/index.ts'
import { outlineEditor, type OutlineRefusal } from '../../../../nodes/outline/edit-outline.ts'
import type { Outline } from '../../../../nodes/outline/outline.ts'
import { nodesIn, placesIn, type OutlinePlace, type OutlinePlaces } from '../../../../nodes/outline/places.ts'
import { placeAbove, placeBelow, placeInside, placeOutside } from '../../../../nodes/outline/targets.ts'
import { refuseNode } from '../../../commands/add-node.ts'
import { editOutline, partOf } from '../../../commands/edit-outline.ts'
import { copyFragment, parseFragment, type GraphFragment } from '../../../commands/graph-fragment.ts'
import { newNodeId } from '../../../commands/ids.ts'
import { paste as pasteCommand } from '../../../commands/paste.ts'
import { useI18n } from '../../../i18n/index.ts'
import type { GraphStore } from '../../../stores/graph-store.ts'

export interface OutlineEditingOptions {
  store: GraphStore
  definitions: readonly NodeDefinition[]
  outline(): Outline
  /** Tells everybody in words, also those who listen. */
  notify(text: string): void
}

const moves = { 'move-up': placeAbove, 'move-down': placeBelow, indent: placeInside, outdent: placeOutside }
export type OutlineMove = keyof typeof moves

/** The edits of the outline: each is one undoable step of the graph store. */
export function useOutlineEditing({ store, definitions, outline, notify }: OutlineEditingOptions) {
  const { t, locale } = useI18n()
  const editor = outlineEditor(definitions)
  const places = (): OutlinePlaces => placesIn(outline())

  function apply(command: string, edit: (graph: Graph) => Graph) {
    const refused = (why: OutlineRefusal) => notify(translate(locale.value, `outline.refusals.${why}`))
    return store.apply(editOutline(command, edit, definitions, refused))
  }

  /** @returns the id of the new node; null where the graph does not take it */
  function add(definition: NodeDefinition, place: OutlinePlace | null): string | null {
    const refusal = refuseNode(store.document, definition)
    if (refusal) {
      notify(t(`canvas.refusals.${refusal}`))
      return null
    }
    const node: GraphNode = {
      id: newNodeId(store.document, definition.type),
      type: definition.type,
      typeVersion: definition.version,
      position: { x: 0, y: 0 },
      params: definition.defaults() as GraphNode['params'],
    }
    if (!apply('add-node', (graph) => editor.insert(graph, node, place))) return null
    store.select([node.id])
    notify(t('canvas.announce.added', { title: t(`nodes.${definition.type}.title`) }))
    return node.id
  }

  /** Removes nodes, statements with everything in their branches. */
  function remove(ids: Iterable<string>) {
    const patch = apply('delete-nodes', (graph) => editor.remove(graph, ids))
    if (patch) {
      const count = patch.nodes.filter(({ after }) => after === null).length
      notify(t('function.outline.deleted', { count }))
    }
  }

  /** @returns false where there is nowhere to move to */
  function move(id: string, how: OutlineMove): boolean {
    const place = moves[how](places(), id)
    if (!place) return false
    const patch = apply('move-statement', (graph) => editor.move(graph, id, place))
    if (patch) notify(t('function.outline.moved'))
    return true
  }

  /** The selected statements with everything in their branches, as text for the clipboard. */
  function fragmentOf(ids: Iterable<string>): GraphFragment | null {
    const found = places()
    const all = [...ids].flatMap((id) => {
      const place = found.get(id)
      return place ? nodesIn(place.statement) : [id]
    })
    return copyFragment(store.document, all)
  }

  function insertFragment(fragment: GraphFragment, place: OutlinePlace | null, command: string) {
    const part = partOf(pasteCommand(fragment, { x: 0, y: 0 }, definitions), store.document)
    if (!part || !apply(command, (graph) => editor.insertPart(graph, part, place))) {
      return notify(t('canvas.refusals.nothingPasted'))
    }
    store.select(part.nodes.map(({ id }) => id))
    notify(t('canvas.announce.pasted', { count: part.nodes.length }))
  }

  function paste(text: string, place: OutlinePlace | null) {
    const fragment = parseFragment(text)
    if (fragment) insertFragment(fragment, place, 'paste')
    else notify(t('canvas.refusals.nothingPasted'))
  }

  function duplicate(ids: Iterable<string>, place: OutlinePlace | null) {
    const fragment = fragmentOf(ids)
    if (fragment) insertFragment(fragment, place, 'duplicate')
  }

  return { add, remove, move, fragmentOf, paste, duplicate }
}
