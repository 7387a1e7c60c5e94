import { type ComponentType, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { type Config, loadConfig } from './config'

/** Shows a page once the server has said how it is set up; name says what could not start when it does not. */
export function start(name: string, Page: ComponentType<{ config: Config }>) {
  const root = document.getElementById('root')!
  loadConfig().then(
    (config) =>
      createRoot(root).render(
        <StrictMode>
          <Page config={config} />
        </StrictMode>,
      ),
    (error: Error) => {
      root.textContent = `The ${name} could not start: ${error.message}`
    },
  )
}
