import type { Config } from '../config'

const PAGES = [
  ['/', 'Board'],
  ['/wall', 'Wallboard'],
  ['/playground', 'API playground'],
  ['/chat', 'Chat as a visitor'],
] as const

/** The other pages of this server. The one for visitors is there in a demo alone. */
export function PageLinks({ config }: { config: Pick<Config, 'signIns'> }) {
  const visitors = config.signIns.some(({ kind }) => kind === 'website')
  const here = window.location.pathname
  return (
    <footer className="page-links quiet">
      <ul>
        {PAGES.filter(([path]) => path !== here && (path !== '/chat' || visitors)).map(([path, name]) => (
          <li key={path}>
            <a href={path}>{name}</a>
          </li>
        ))}
      </ul>
    </footer>
  )
}
