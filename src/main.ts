import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { z } from 'zod'
import App from './App.vue'
import { apiKey, createApi } from './api/client.ts'
import { httpHost } from './api/host.ts'
import { createI18n, i18nKey, preferredLocale } from './i18n/index.ts'
import { useSession } from './stores/session.ts'
import { readStored } from './stores/storage.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/elements.css'

// Zod compiles parsers with `new Function` where it may; the server's content security policy forbids it.
z.config({ jitless: true })

const app = createApp(App)
const pinia = createPinia()
app.use(pinia)
app.provide(i18nKey, await createI18n(preferredLocale(readStored('locale'), navigator.languages)))
app.provide(apiKey, createApi(httpHost(() => useSession(pinia).markSignedOut())))
app.mount('#app')
