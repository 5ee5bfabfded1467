import {
  CircleQuestionMark,
  CornerDownLeft,
  Equal,
  MessageSquareText,
  Play,
  Split,
  StickyNote,
  type LucideIcon,
} from '@lucide/vue'

const icons: Record<string, LucideIcon> = {
  play: Play,
  equal: Equal,
  'corner-down-left': CornerDownLeft,
  'sticky-note': StickyNote,
  split: Split,
  'message-square-text': MessageSquareText,
}

/** The icon of a node definition by its Lucide name; a question mark for a name the editor does not carry. */
export function nodeIcon(name: string | undefined): LucideIcon {
  return icons[name ?? ''] ?? CircleQuestionMark
}
