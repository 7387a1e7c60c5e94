// Follows a view in every order with the client that comes back by itself, and prints
// each list whenever it changes: {"order": "CREATED ASC", "rows": ["id:revision", ...]}.
import { connect } from '@switchboard/client'
import WebSocket from 'ws'

const desk = connect({ url: process.env.URL, token: process.env.TOKEN, webSocket: WebSocket })
for (const field of ['LAST_ACTIVITY', 'CREATED', 'WAITING', 'AWAITING_REPLY']) {
  for (const direction of ['ASC', 'DESC']) {
    const list = desk.list({ list: 'ALL', statuses: ['OPEN', 'UNSET'] }, { orderBy: { field, direction }, first: 7 })
    list.subscribe(() => console.log(JSON.stringify({ order: `${field} ${direction}`, rows: list.get().map(({ id, revision }) => `${id}:${revision}`) })))
  }
}
