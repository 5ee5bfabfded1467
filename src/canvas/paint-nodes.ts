import type { CanvasTheme } from './canvas-theme.ts'
import type { CardProps } from './card-props.ts'
import type { NodeBox } from './node-box.ts'

/** Below this zoom titles are not drawn: nobody could read them. */
const TITLES_FROM = 0.2
const BAR_WIDTH = 10
const TITLE_SIZE = 26

/** The few facts of a card that are visible from afar. */
export type PlainCard = Pick<CardProps, 'title' | 'tone' | 'isSelected' | 'problems' | 'run'>

/**
 * Draws nodes as plain boxes: all of them when zoomed out, and those that wait for their card while panning.
 * One path per colour, because a thousand single fills would take a whole frame.
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
  const rectangles = (fits: (card: PlainCard, box: NodeBox) => boolean) => {
    context.beginPath()
    boxes.forEach((box, index) => {
      if (fits(cards[index]!, box)) context.rect(box.x, box.y, box.width, box.height)
    })
  }
  const isNote = (box: NodeBox) => box.shape.kind === 'note'

  rectangles((_, box) => !isNote(box))
  context.fillStyle = theme.surface
  context.fill()
  context.lineWidth = Math.max(1, 1 / scale)
  context.strokeStyle = theme.border
  context.stroke()
  if (boxes.some(isNote)) {
    rectangles((_, box) => isNote(box))
    context.fillStyle = theme.note
    context.fill()
  }
  for (const [colour, marks] of rings(theme)) {
    if (!cards.some(marks)) continue
    rectangles(marks)
    context.lineWidth = Math.max(3, 2 / scale)
    context.strokeStyle = colour
    context.stroke()
  }
  paintBars(context, boxes, cards, theme)
  if (scale >= TITLES_FROM) paintTitles(context, boxes, cards, theme)
}

function rings(theme: CanvasTheme): [string, (card: PlainCard) => boolean][] {
  return [
    [theme.accent, (card) => card.run?.state === 'running'],
    [theme.success, (card) => card.run?.state === 'done'],
    [theme.warning, (card) => card.run?.state === 'partly'],
    [theme.danger, (card) => card.run?.state === 'failed' || card.problems?.severity === 'error'],
    [theme.accent, (card) => card.isSelected],
  ]
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
