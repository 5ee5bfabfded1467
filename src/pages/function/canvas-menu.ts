import {
  ClipboardPaste,
  Copy,
  CopyPlus,
  Pencil,
  Plus,
  Scissors,
  Spline,
  SquareDashed,
  Trash2,
} from '@lucide/vue'
import type FlowCanvas from '../../canvas/FlowCanvas.vue'
import type { ContextMenuRequest } from '../../canvas/FlowCanvas.vue'
import type { Translate } from '../../i18n/index.ts'
import type { UiMenuItem } from '../../ui/index.ts'

type Canvas = Pick<InstanceType<typeof FlowCanvas>, 'perform' | 'copy' | 'cut' | 'paste'>

/** What a right click on a node, a connection or the background offers. */
export function canvasMenu(
  { nodeId, connectionId }: ContextMenuRequest,
  canvas: Canvas,
  t: Translate,
  tryItems: (nodeId: string) => UiMenuItem[],
): UiMenuItem[] {
  const remove: UiMenuItem = {
    label: t('function.menu.delete'),
    icon: Trash2,
    shortcut: 'Del',
    danger: true,
    run: () => canvas.perform({ do: 'delete' }),
  }
  const paste: UiMenuItem = {
    label: t('function.menu.paste'),
    icon: ClipboardPaste,
    shortcut: 'Ctrl+V',
    run: () => void canvas.paste(),
  }
  if (connectionId !== undefined) return [remove]
  if (nodeId === undefined) {
    return [
      {
        label: t('function.menu.add'),
        icon: Plus,
        shortcut: 'A',
        run: () => canvas.perform({ do: 'quick-add' }),
      },
      paste,
      {
        label: t('function.menu.selectAll'),
        icon: SquareDashed,
        shortcut: 'Ctrl+A',
        run: () => canvas.perform({ do: 'select-all' }),
      },
    ]
  }
  return [
    {
      label: t('function.menu.edit'),
      icon: Pencil,
      shortcut: 'Enter',
      run: () => canvas.perform({ do: 'edit' }),
    },
    {
      label: t('function.menu.connect'),
      icon: Spline,
      shortcut: 'C',
      run: () => canvas.perform({ do: 'connect' }),
    },
    'separator',
    ...tryItems(nodeId),
    'separator',
    {
      label: t('function.menu.duplicate'),
      icon: CopyPlus,
      shortcut: 'Ctrl+D',
      run: () => canvas.perform({ do: 'duplicate' }),
    },
    { label: t('function.menu.copy'), icon: Copy, shortcut: 'Ctrl+C', run: () => void canvas.copy() },
    { label: t('function.menu.cut'), icon: Scissors, shortcut: 'Ctrl+X', run: () => void canvas.cut() },
    paste,
    'separator',
    remove,
  ]
}
