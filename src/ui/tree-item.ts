import type { Component } from 'vue'

/** One row of a UiTree; `children` (even empty) makes it a group that folds. */
export interface UiTreeItem {
  id: string
  label: string
  icon?: Component
  /** A short text in grey at the end of the row. */
  note?: string
  children?: UiTreeItem[]
}
