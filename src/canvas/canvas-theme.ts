/** The design tokens that painted parts use, as resolved colours. */
export interface CanvasTheme {
  canvas: string
  grid: string
  surface: string
  border: string
  text: string
  muted: string
  accent: string
  danger: string
  warning: string
  success: string
  note: string
  font: string
}

export function readTheme(element: HTMLElement): CanvasTheme {
  const style = getComputedStyle(element)
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise
  return {
    canvas: token('--color-canvas', '#fff'),
    grid: token('--color-grid', '#ddd'),
    surface: token('--color-surface-raised', '#fff'),
    border: token('--color-border-strong', token('--color-border', '#ccc')),
    text: token('--color-text', '#000'),
    muted: token('--color-text-muted', '#666'),
    accent: token('--color-accent', '#00f'),
    danger: token('--color-danger', '#c00'),
    warning: token('--color-warning', '#850'),
    success: token('--color-success', '#060'),
    note: token('--color-warning-soft', '#ffe'),
    font: token('--font', 'sans-serif'),
  }
}

/** Calls back when light or dark was chosen, here or in the system. @returns ends it */
export function onThemeChange(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const root = new MutationObserver(changed)
  root.observe(document.documentElement, { attributeFilter: ['data-theme', 'class', 'style'] })
  system.addEventListener('change', changed)
  return () => {
    root.disconnect()
    system.removeEventListener('change', changed)
  }
}
