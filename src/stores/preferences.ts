import { defineStore } from 'pinia'
import { ref, watchEffect } from 'vue'
import { useI18n, type Locale } from '../i18n/index.ts'
import { readStored, writeStored } from './storage.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Language and theme of this browser. */
export const usePreferences = defineStore('preferences', () => {
  const i18n = useI18n()
  const stored = readStored('theme')
  const theme = ref<Theme>(themes.find((each) => each === stored) ?? 'system')

  watchEffect(() => {
    const root = document.documentElement
    if (theme.value === 'system') delete root.dataset.theme
    else root.dataset.theme = theme.value
    root.lang = i18n.locale.value
  })

  function setTheme(next: Theme) {
    theme.value = next
    writeStored('theme', next)
  }
  async function setLocale(next: Locale) {
    writeStored('locale', next)
    await i18n.setLocale(next)
  }
  return { theme, setTheme, locale: i18n.locale, setLocale }
})
