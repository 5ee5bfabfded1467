import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** Builds the page that `bench/canvas.ts` measures: the canvas alone, as it is built for production. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  build: { target: 'es2023' },
})
