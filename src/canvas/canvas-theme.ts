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
    canvas: token('--sms-color-canvas', '#fff'),
    grid: token('--sms-color-grid', '#ddd'),
    surface: token('--sms-color-surface-raised', '#fff'),
    border: token('--sms-color-border-strong', token('--sms-color-border', '#ccc')),
    text: token('--sms-color-text', '#000'),
    muted: token('--sms-color-text-muted', '#666'),
    accent: token('--sms-color-accent', '#00f'),
    danger: token('--sms-color-danger', '#c00'),
    warning: token('--sms-color-warning', '#850'),
    success: token('--sms-color-success', '#060'),
    note: token('--sms-color-warning-soft', '#ffe'),
    font: token('--sms-font', 'sans-serif'),
  }
}

/** Calls back when light or dark may have been chosen: in the system, or on any element around this one. @returns ends it */
export function onThemeChange(element: HTMLElement, changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const around = new MutationObserver(changed)
  for (let at = element.closest('.sms-logic'); at; at = at.parentElement) {
    around.observe(at, { attributeFilter: ['data-theme', 'class', 'style'] })
  }
  system.addEventListener('change', changed)
  return () => {
    around.disconnect()
    system.removeEventListener('change', changed)
  }
}
