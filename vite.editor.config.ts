import vue from '@vitejs/plugin-vue'
import type { AcceptedPlugin, Rule } from 'postcss'
import { defineConfig } from 'vite'

/** Keeps every style inside the editor: `.a` becomes `:where(.sms-logic) .a`, which weighs the same. */
const insideEditor: AcceptedPlugin = {
  postcssPlugin: 'inside-editor',
  Rule(rule: Rule) {
    const isKeyframe =
      rule.parent?.type === 'atrule' && /keyframes$/.test((rule.parent as { name: string }).name)
    if (isKeyframe) return
    rule.selectors = rule.selectors.map((selector) =>
      /^(:where\()?\.sms-logic/.test(selector) ? selector : `:where(.sms-logic) ${selector}`,
    )
  },
}

/** The editor as a library for other applications: Vue and Zod are theirs; the rest comes along. */
export default defineConfig({
  plugins: [vue()],
  publicDir: false,
  css: { postcss: { plugins: [insideEditor] } },
  define: { 'process.env.NODE_ENV': '"production"', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: 'dist/editor',
    target: 'es2023',
    // browsers that know light-dark(): written for older ones, it would not follow the host's color-scheme
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    cssCodeSplit: false,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'editor', cssFileName: 'editor' },
    rolldownOptions: { external: ['vue', 'zod'] },
  },
})
