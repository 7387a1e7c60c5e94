import { readdirSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Every *.html beside this file is a page of its own. A new page needs its
// html file here and its row in web.go, nothing else.
const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.html'))

// The playground is GraphiQL, which needs React itself. The other pages are built
// with Preact, which is a sixth of its size, as a build of their own. The page of
// webhooks is built alone too: what pages share is cut into more pieces with each page,
// and the board would grow with them.
const HEAVY = 'playground'
const ALONE = [HEAVY, 'webhooks']
const alone = (name: string) => ALONE.includes(name)
const pagesOf = (mode: string) => (alone(mode) ? [`${mode}.html`] : pages.filter((page) => !alone(page.replace('.html', ''))))
const preact = {
  react: 'preact/compat',
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  'react/jsx-runtime': 'preact/jsx-runtime',
}

// `npm run dev` serves the pages itself and asks a running server for the rest.
const server = process.env.SWITCHBOARD_DEV_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig(({ command, mode }) => ({
  plugins: [react()],
  resolve: { alias: command === 'build' && mode !== HEAVY ? preact : {} },
  // Each page names its own html file; an unknown path is a 404, not a page.
  appType: 'mpa',
  build: {
    rolldownOptions: { input: pagesOf(mode), checks: { moduleLevelDirective: false } },
    emptyOutDir: !alone(mode),
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
}))
