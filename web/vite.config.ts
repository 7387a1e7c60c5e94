import { readdirSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Every *.html beside this file is a page of its own. A new page needs its
// html file here and its row in web.go, nothing else.
const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.html'))

// `npm run dev` serves the pages itself and asks a running server for the rest.
const server = process.env.SWITCHBOARD_DEV_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  // Each page names its own html file; an unknown path is a 404, not a page.
  appType: 'mpa',
  build: {
    rolldownOptions: { input: pages, checks: { moduleLevelDirective: false } },
    // Monaco is one big chunk, loaded by the playground alone.
    chunkSizeWarningLimit: 5000,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: server, ws: true },
      '/config.json': server,
    },
  },
})
