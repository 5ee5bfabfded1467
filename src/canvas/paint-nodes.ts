import type { ChangeMark } from '../stores/graph-store.ts'
import type { CanvasTheme } from './canvas-theme.ts'
import type { CardProps } from './card-props.ts'
import type { NodeBox } from './node-box.ts'

/** Below this zoom titles are not drawn: nobody could read them. */
const TITLES_FROM = 0.2
const BAR_WIDTH = 10
const TITLE_SIZE = 26

/** The few facts of a card that are visible from afar. */
export type PlainCard = Pick<CardProps, 'title' | 'tone' | 'isSelected' | 'problems' | 'run' | 'change'>

/**
 * Draws nodes as plain boxes: all of them when zoomed out, and those that wait for their card while panning.
 * Only upright filled rectangles, colour by colour: the one shape that is cheap without a graphics card.
 */
export function paintNodes(
  context: CanvasRenderingContext2D,
  boxes: readonly NodeBox[],
  plainCardOf: (box: NodeBox) => PlainCard,
  scale: number,
  theme: CanvasTheme,
): void {
  if (boxes.length === 0) return
  const cards = boxes.map(plainCardOf)
  const fill = (colour: string, grownBy: number, fits: (card: PlainCard, box: NodeBox) => boolean) => {
    context.fillStyle = colour
    boxes.forEach((box, index) => {
      if (!fits(cards[index]!, box)) return
      const { x, y, width, height } = box
      context.fillRect(x - grownBy, y - grownBy, width + 2 * grownBy, height + 2 * grownBy)
    })
  }
  const line = Math.max(1, 1 / scale)
  fill(theme.border, 0, (card) => !ringOf(card))
  for (const [ring, colour] of Object.entries(ringColours(theme)))
    fill(colour, line, (card) => ringOf(card) === ring)
  fill(theme.surface, -line, (_, box) => box.shape.kind === 'card')
  fill(theme.note, -line, (_, box) => box.shape.kind === 'note')
  paintBars(context, boxes, cards, theme)
  if (scale >= TITLES_FROM) paintTitles(context, boxes, cards, theme)
}

type Ring = 'selected' | 'failed' | 'partly' | 'running' | 'done' | ChangeMark

/** The one mark that counts most, seen from afar. */
function ringOf({ isSelected, run, problems, change }: PlainCard): Ring | null {
  if (isSelected) return 'selected'
  if (change) return change.mark
  return run?.state ?? (problems?.severity === 'error' ? 'failed' : null)
}

function ringColours(theme: CanvasTheme): Record<Ring, string> {
  return {
    selected: theme.accent,
    failed: theme.danger,
    partly: theme.warning,
    running: theme.accent,
    done: theme.success,
    added: theme.success,
    removed: theme.danger,
    changed: theme.warning,
  }
}

function paintBars(
  context: CanvasRenderingContext2D,
  boxes: readonly NodeBox[],
  cards: readonly PlainCard[],
  theme: CanvasTheme,
): void {
  const colours: Record<PlainCard['tone'], string> = {
    start: theme.success,
    basic: theme.muted,
    flow: theme.warning,
    service: theme.accent,
    unknown: theme.danger,
  }
  for (const [tone, colour] of Object.entries(colours)) {
    context.beginPath()
    boxes.forEach((box, index) => {
      if (cards[index]!.tone === tone && box.shape.kind === 'card')
        context.rect(box.x, box.y, BAR_WIDTH, box.height)
    })
    context.fillStyle = colour
    context.fill()
  }
}

function paintTitles(
  context: CanvasRenderingContext2D,
  boxes: readonly NodeBox[],
  cards: readonly PlainCard[],
  theme: CanvasTheme,
): void {
  context.font = `600 ${TITLE_SIZE}px ${theme.font}`
  context.textBaseline = 'middle'
  context.fillStyle = theme.text
  boxes.forEach((box, index) => {
    const title = shorten(context, cards[index]!.title, box.width - BAR_WIDTH - 18)
    context.fillText(title, box.x + BAR_WIDTH + 9, box.y + box.height / 2)
  })
}

const shortened = new Map<string, string>()

/** Cuts a title so that it fits; measuring is slow, so the answers are kept. */
function shorten(context: CanvasRenderingContext2D, title: string, width: number): string {
  const key = `${context.font}\n${title}`
  let short = shortened.get(key)
  if (short === undefined) {
    short = title
    const letters = [...title]
    while (letters.length > 1 && context.measureText(short).width > width) {
      letters.pop()
      short = `${letters.join('').trimEnd()}…`
    }
    if (shortened.size > 5_000) shortened.clear()
    shortened.set(key, short)
  }
  return short
}
