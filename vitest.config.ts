import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/temporary-folder.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
