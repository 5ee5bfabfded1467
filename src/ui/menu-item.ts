import type { Component } from 'vue'

/** One line of a menu: an action, a submenu (`children`), or a line between groups. */
export type UiMenuItem =
  | 'separator'
  | {
      label: string
      icon?: Component
      shortcut?: string
      danger?: boolean
      disabled?: boolean
      children?: readonly UiMenuItem[]
      run?: () => void
    }
