import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './playground.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadConfig } from '../config'
import { Playground } from './Playground'

const root = document.getElementById('root')!

loadConfig().then(
  (config) =>
    createRoot(root).render(
      <StrictMode>
        <Playground config={config} />
      </StrictMode>,
    ),
  (error: Error) => {
    root.textContent = `The playground could not start: ${error.message}`
  },
)
