import { lastConfig } from '../config'

const PAGES = [
  ['/', 'Board'],
  ['/wall', 'Wallboard'],
  ['/playground', 'API playground'],
  ['/chat', 'Chat as a visitor'],
] as const

/** The other pages of this server. The one for visitors is there in a demo alone. */
export function PageLinks() {
  const visitors = lastConfig()?.signIns.some(({ kind }) => kind === 'website')
  const here = window.location.pathname
  return (
    <div className="page-links quiet">
      <ul aria-label="Other pages">
        {PAGES.filter(([path]) => path !== here && (path !== '/chat' || visitors)).map(([path, name]) => (
          <li key={path}>
            <a href={path}>{name}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}
