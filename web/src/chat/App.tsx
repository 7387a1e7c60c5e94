import { useCallback, useEffect, useState } from 'react'
import { connect } from '../../client/index'
import type { Config } from '../config'
import { ChatFeed } from './chatFeed'
import { Start } from './Start'
import { Talk } from './Talk'
import { remember, remembered, type Visit } from './visit'

/** The chat of this window, or how to start one. */
export function App({ config }: { config: Config }) {
  const [visit, setVisit] = useState(remembered)
  const [why, setWhy] = useState<string | null>(null)

  const go = useCallback((next: Visit | null, reason: string | null = null) => {
    remember(next)
    setWhy(reason)
    setVisit(next)
  }, [])

  if (!visit) return <Start config={config} why={why} onStart={go} />
  return <Visiting key={visit.token} endpoint={config.endpoint} visit={visit} onGo={go} />
}

interface Props {
  endpoint: string
  visit: Visit
  onGo: (visit: Visit | null, why?: string | null) => void
}

function Visiting({ endpoint, visit, onGo }: Props) {
  const [begun, setBegun] = useState<{ feed: ChatFeed; connection: ReturnType<typeof connect> } | null>(null)

  useEffect(() => {
    const connection = connect({ url: new URL(endpoint, window.location.href).href, token: visit.token })
    const feed = new ChatFeed(connection, visit.conversation, visit.cursor)
    const stop = feed.start()
    const save = () => remember({ ...visit, cursor: connection.position() ?? visit.cursor })
    window.addEventListener('pagehide', save)
    setBegun({ feed, connection })
    return () => {
      window.removeEventListener('pagehide', save)
      stop()
      connection.close()
    }
  }, [endpoint, visit])

  return begun && <Talk {...begun} visit={visit} onGo={onGo} />
}
