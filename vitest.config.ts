import { availableParallelism } from 'node:os'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/**
 * Tests that start programs, that stand for a whole process and its death, or that change the environment variables
 * which vendors' libraries read once and then keep.
 */
const wholePrograms = ['conformance', 'crash', 'package', 'product', 'runtime/providers', 'simulation'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)

export default defineConfig({
  plugins: [vue()],
  test: {
    globalSetup: 'test/support/temporary-folder.ts',
    // much of a test's time is waiting: for a process, a disk, a moment
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // what is waited for comes at once on an idle machine, and later beside other tests
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'programs', include: wholePrograms } },
      {
        extends: true,
        test: {
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: wholePrograms,
          // The product keeps no state outside of what a test makes for itself: to load it anew for each of these
          // files would take longer than all their tests together.
          isolate: false,
        },
      },
    ],
  },
})
