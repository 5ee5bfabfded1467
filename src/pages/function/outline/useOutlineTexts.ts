import { computed, onMounted, watch, type ComputedRef } from 'vue'
import type { NamedRecipient } from '../../../../nodes/directory/schema.ts'
import type { ElementKind } from '../../../../nodes/graph/function-file.ts'
import type { GraphNode } from '../../../../nodes/graph/schema.ts'
import { branchText, statementText, type StatementLookups } from '../../../../nodes/outline/statement-text.ts'
import { useI18n } from '../../../i18n/index.ts'
import { portLabel } from '../../../node-types/port-label.ts'
import { useElements } from '../../../stores/elements.ts'
import type { GraphStore } from '../../../stores/graph-store.ts'
import { useDirectoryNames } from '../versions/useDirectoryNames.ts'
import type { OutlineRow } from './outline-rows.ts'

/** What the lines of the outline say, in the language of the page and with the names of services and people. */
export function useOutlineTexts(store: GraphStore, summary: ComputedRef<(node: GraphNode) => string>) {
  const { t, has, locale } = useI18n()
  const elements = useElements()
  const directory = useDirectoryNames()

  const learn = () => void directory.learn(store.graph())
  onMounted(learn)
  watch(() => store.version, learn)

  function nameOf(kind: ElementKind, id: string): string | undefined {
    if (kind === 'service') return elements.serviceSummaries.find((each) => each.id === id)?.name
    if (kind === 'template') return elements.templates.find((each) => each.id === id)?.name
    return directory.nameOf({ kind, id } as NamedRecipient)
  }
  /** Another object whenever a line may read differently. */
  const lookups = computed(
    (): StatementLookups => (
      void directory.names.value,
      { locale: locale.value, nameOf, inputs: store.inputs }
    ),
  )

  function textOf({ kind, node, branch }: OutlineRow): string {
    switch (kind) {
      case 'statement':
      case 'comment':
        return node ? (statementText(node, lookups.value)?.text ?? ownText(node)) : ''
      case 'branch':
        return branch && node ? wayOut(node, branch.port) : ''
      case 'goto':
        return t('function.outline.goOnAt', { title: node ? titleOf(node) : '' })
      case 'end':
        return t('function.outline.end')
      case 'section':
        return ''
    }
  }

  /** A type of a host has a title and a summary instead of a statement. */
  function ownText(node: GraphNode): string {
    const key = `nodes.${node.type}.title` as const
    return [has(key) ? t(key) : node.type, summary.value(node)].filter(Boolean).join(' · ')
  }

  function wayOut(node: GraphNode, port: string): string {
    const own = statementText(node, lookups.value) === null
    return own && has(`nodes.${node.type}.ports.${port}`)
      ? portLabel(node, port, t)
      : branchText(node, { port }, locale.value)
  }

  function titleOf(node: GraphNode): string {
    return node.title || statementText(node, lookups.value)?.text || ownText(node)
  }

  return { lookups, textOf }
}
