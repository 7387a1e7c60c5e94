// A graphql-ws client at the server in argv[2], led by commands on stdin, one JSON
// object a line. It prints what happens to it, one JSON object a line.
import { createInterface } from 'node:readline'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const tell = (event) => console.log(JSON.stringify(event))

let token = 'good'
let socket
class Remembered extends WebSocket {
  constructor(...args) {
    super(...args)
    socket = this
  }
}

const client = createClient({
  url: process.argv[2],
  webSocketImpl: Remembered,
  connectionParams: () => ({ Authorization: `Bearer ${token}` }),
  retryWait: async () => {},
  on: {
    connected: () => tell({ event: 'connected' }),
    closed: ({ code, reason }) => tell({ event: 'closed', code, text: reason }),
  },
})

// Long values are told by their length.
const brief = (value) => {
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.length} bytes` : text
}

const commands = {
  token: ({ value }) => (token = value),
  subscribe: ({ id, value }) =>
    client.subscribe(
      { query: value },
      {
        next: (result) => tell({ event: 'next', id, text: brief(result) }),
        error: (error) => tell({ event: 'error', id, text: brief(error), code: error.code }),
        complete: () => tell({ event: 'complete', id }),
      },
    ),
  pause: () => {
    socket.pause()
    tell({ event: 'paused' })
  },
  resume: () => socket.resume(),
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  commands[command.do](command)
}
process.exit(0)
