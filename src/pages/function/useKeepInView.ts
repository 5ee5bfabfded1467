import { onBeforeUnmount, watch, type Ref } from 'vue'
import type { NodeDefinition } from '../../../nodes/define.ts'
import type FlowCanvas from '../../canvas/FlowCanvas.vue'
import { shapeOf } from '../../canvas/node-shape.ts'
import type { GraphStore } from '../../stores/graph-store.ts'

type Canvas = Pick<InstanceType<typeof FlowCanvas>, 'fit' | 'toCanvas'>

/**
 * A panel that opens beside a canvas with everything in view must not push a node out of it.
 * @param frame the box that the canvas fills
 * @returns call it right before a panel opens or closes
 */
export function useKeepInView(
  canvas: Readonly<Ref<Canvas | null>>,
  frame: Readonly<Ref<HTMLElement | null>>,
  store: GraphStore,
  definitions: readonly NodeDefinition[],
): () => void {
  let wasAllVisible = false
  const resized = new ResizeObserver(() => {
    // the canvas measures itself in this frame, too
    if (wasAllVisible && !isAllVisible()) requestAnimationFrame(() => canvas.value?.fit())
    wasAllVisible = false
  })
  watch(frame, (element, before) => {
    if (before) resized.unobserve(before)
    if (element) resized.observe(element)
  })
  onBeforeUnmount(() => resized.disconnect())

  function isAllVisible(): boolean {
    const box = frame.value?.getBoundingClientRect()
    if (!box || !canvas.value) return false
    const from = canvas.value.toCanvas(box.left, box.top)
    const to = canvas.value.toCanvas(box.right, box.bottom)
    return store.nodes.every((node) => {
      const definition = definitions.find((each) => each.type === node.type)
      const { width, height } = shapeOf(node, definition)
      const { x, y } = node.position
      return x >= from.x && y >= from.y && x + width <= to.x && y + height <= to.y
    })
  }

  return () => {
    wasAllVisible = isAllVisible()
  }
}
