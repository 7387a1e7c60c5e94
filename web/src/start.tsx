import { type ComponentType, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { type Config, loadConfig } from './config'
import { keepAutofocus } from './design/autofocus'
import { keepClock } from './design/clock'
import { ErrorBoundary } from './design/ErrorBoundary'

const TRIES_EVERY = 3000 // milliseconds

/** Shows a page once the server has said how it is set up; name says what could not start when it does not, until it does. */
export function start(name: string, Page: ComponentType<{ config: Config }>) {
  const root = document.getElementById('root')!
  loadConfig().then(
    (config) => {
      root.textContent = ''
      keepClock()
      keepAutofocus(root)
      createRoot(root).render(
        <StrictMode>
          <ErrorBoundary name={`The ${name}`}>
            <Page config={config} />
          </ErrorBoundary>
        </StrictMode>,
      )
    },
    (error: Error) => {
      root.textContent = `The ${name} could not start: ${error.message} Trying again…`
      setTimeout(() => start(name, Page), TRIES_EVERY)
    },
  )
}
