import { lastConfig } from '../config'

/** The permission that whoever manages webhooks has. */
export const MANAGES = 'apikeys.manage'

const PAGES = [
  ['/', 'Board'],
  ['/wall', 'Wallboard'],
  ['/webhooks', 'Webhooks'],
  ['/playground', 'API playground'],
  ['/chat', 'Chat as a visitor'],
] as const

/** The other pages of this server. The one for visitors is there in a demo alone, that of webhooks for who may manage them. */
export function PageLinks({ permissions = [] }: { permissions?: readonly string[] }) {
  const visitors = lastConfig()?.signIns.some(({ kind }) => kind === 'website')
  const here = window.location.pathname
  const offered = { '/chat': visitors, '/webhooks': permissions.includes(MANAGES) } as Partial<Record<string, boolean>>
  return (
    <div className="page-links quiet">
      <ul aria-label="Other pages">
        {PAGES.filter(([path]) => path !== here && (offered[path] ?? true)).map(([path, name]) => (
          <li key={path}>
            <a href={path}>{name}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}
