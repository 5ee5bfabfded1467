import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/find-chromium.js'

const executablePath = findChromium()
if (!executablePath) throw new Error('No Chromium: run "npm test", which installs or explains')

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './test/support/temporary-folder.ts',
  // each test has a product, a data folder and a browser context of its own
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    actionTimeout: 15_000,
    // a trace costs each test a third of its time: `--trace retain-on-failure` records one where a picture is not enough
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
