import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The editor as a library for other applications: Vue, Pinia and Zod are theirs. */
export default defineConfig({
  plugins: [vue()],
  publicDir: false,
  build: {
    outDir: 'dist/editor',
    target: 'es2023',
    cssCodeSplit: false,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'editor', cssFileName: 'editor' },
    rolldownOptions: { external: ['vue', 'pinia', 'zod'] },
  },
})
