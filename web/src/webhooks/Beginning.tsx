import { useEffect, useState } from 'react'
import { connect, type Connection, Fault, seconds, ViewerChangesDocument, ViewerDocument, type ViewerQuery } from '../../client/index'
import type { Config } from '../config'
import { Button } from '../design/Button'
import { Connecting, endsSession } from '../design/Connecting'
import { keyOf, type Session, tokenOf } from '../design/session'
import { MANAGES } from '../design/PageLinks'
import { WebhooksPage } from './WebhooksPage'

type Viewer = ViewerQuery['viewer']

interface Props {
  config: Config
  session: Session
  onSignOut: (why: string | null) => void
}

/** Connects, finds out who is signed in and what they may do, and shows the page to whoever may manage webhooks, for as long as they may. */
export function Beginning({ config, session, onSignOut }: Props) {
  const [connection, setConnection] = useState<Connection | null>(null)
  const [viewer, setViewer] = useState<Viewer | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)

  useEffect(() => {
    const made = connect({ url: new URL(config.endpoint, window.location.href).href, token: tokenOf(config, session) })
    let current = true
    let stop = () => {}
    const out = (found: Fault) => current && endsSession(found) && onSignOut(found.message)
    async function begin() {
      for (let attempt = 0; current; attempt++) {
        const found = await made.execute(ViewerDocument, {}).catch((error: unknown) => (error instanceof Fault ? error : new Fault(String(error), 'BUG')))
        if (!current) return
        if (!(found instanceof Fault)) {
          setViewer(found.viewer)
          setConnection(made)
          stop = made.subscribe(ViewerChangesDocument, {}, { next: ({ viewerChanges }) => setViewer(viewerChanges), ended: (why) => why && out(why) })
          return
        }
        if (out(found)) return
        setFault(found)
        await seconds(attempt)
      }
    }
    void begin()
    return () => {
      current = false
      stop()
      made.close()
    }
  }, [config, keyOf(session), onSignOut])

  if (!connection || !viewer) return <Connecting title="Webhooks" fault={fault} onSignOut={onSignOut} />
  if (!viewer.permissions.includes(MANAGES)) return <Refused workspace={viewer.workspace.name} onSignOut={onSignOut} />
  return <WebhooksPage connection={connection} workspace={viewer.workspace} onSignOut={() => onSignOut(null)} />
}

function Refused({ workspace, onSignOut }: { workspace: string } & Pick<Props, 'onSignOut'>) {
  return (
    <main className="full-page">
      <h1>Webhooks</h1>
      <p role="status">
        You may not manage the webhooks of <bdi>{workspace}</bdi>: that needs the permission to manage API keys ({MANAGES}). Ask an owner for it.
      </p>
      <p>
        <a href="/">Back to the board</a>
      </p>
      <Button look="bare" onClick={() => onSignOut(null)}>
        Sign in as somebody else
      </Button>
    </main>
  )
}
