import { type Connection, type ConnectOptions, open } from './connection.js'
import type { InboxView, RowFragment } from './generated/graphql.js'
import type { Listed } from './list.js'
import { type ListOptions, LiveList } from './liveList.js'

/** A connection, and the lists that live on it. */
export interface Desk extends Connection {
  /** A view as an array that stays right in its order, until it is closed. */
  list: <Row extends Listed = RowFragment>(view: InboxView, options?: ListOptions<Row>) => LiveList<Row>
}

/** Connects to a Switchboard server. The socket opens with the first subscription. */
export function connect(options: ConnectOptions): Desk {
  const connection = open(options)
  const wait = options.retryWait
  return {
    ...connection,
    list: (view, own) => {
      const list = new LiveList(connection, view, { ...(wait && { wait }), ...own })
      list.start()
      return list
    },
  }
}
