import {
  Bell,
  Box,
  CircleQuestionMark,
  CornerDownLeft,
  Equal,
  Globe,
  GitFork,
  Hourglass,
  ListPlus,
  MailCheck,
  MessageSquareText,
  OctagonAlert,
  Play,
  Repeat,
  Shield,
  Split,
  Stamp,
  SquareFunction,
  StickyNote,
  Users,
} from '@lucide/vue'
import type { Component } from 'vue'

/** Icons by the names that node definitions use; the others of Lucide would make the editor much larger. */
export type NodeIcons = Readonly<Record<string, Component>>

const builtIn: NodeIcons = {
  play: Play,
  equal: Equal,
  'corner-down-left': CornerDownLeft,
  'sticky-note': StickyNote,
  split: Split,
  stamp: Stamp,
  'message-square-text': MessageSquareText,
  'mail-check': MailCheck,
  bell: Bell,
  users: Users,
  globe: Globe,
  'list-plus': ListPlus,
  repeat: Repeat,
  'git-fork': GitFork,
  hourglass: Hourglass,
  shield: Shield,
  'octagon-alert': OctagonAlert,
  'square-function': SquareFunction,
}

/**
 * The icon of a node definition by its name: the host's own before the built-in one, a plain box for a name that
 * neither has, and a question mark without a name, which is how a node of an unknown type looks.
 */
export function nodeIcon(name: string | undefined, hostIcons: NodeIcons): Component {
  if (name === undefined) return CircleQuestionMark
  if (Object.hasOwn(hostIcons, name)) return hostIcons[name]!
  return Object.hasOwn(builtIn, name) ? builtIn[name]! : Box
}
