import '../design/base.css'
import './chat.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadConfig } from '../config'
import { App } from './App'

const root = document.getElementById('root')!

loadConfig().then(
  (config) =>
    createRoot(root).render(
      <StrictMode>
        <App config={config} />
      </StrictMode>,
    ),
  (error: Error) => {
    root.textContent = `The chat could not start: ${error.message}`
  },
)
