import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** `npm run dev` shows the editor with hot reload; the API is that of a server started with `npm start`. */
const server = process.env['SMS_LOGIC_SERVER'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  build: { outDir: 'dist/app', target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 900 },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // the server answers its own origin only
    proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } },
  },
})
