// Prints, as JSON, for each close code in argv[3] (separated by commas) whether graphql-ws
// connects again after it. It serves itself; argv[2] is not used.
import { createClient } from 'graphql-ws'
import { WebSocketServer, WebSocket } from 'ws'

async function comesBack(code) {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'graphql-transport-ws' })
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(data)
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
      else if (type === 'subscribe' && connections === 1) socket.close(code, 'test')
      else if (type === 'subscribe') socket.send(JSON.stringify({ type: 'complete', id }))
    })
  })
  const client = createClient({
    url: `ws://127.0.0.1:${server.address().port}`,
    webSocketImpl: WebSocket,
    retryAttempts: 1,
    shouldRetry: () => true,
    retryWait: async () => {},
  })
  const again = await new Promise((resolve) =>
    client.subscribe({ query: '{ x }' }, { next() {}, error: () => resolve(false), complete: () => resolve(true) }),
  )
  await client.dispose()
  server.close()
  return again
}

const out = {}
for (const code of process.argv[3].split(',')) out[code] = await comesBack(Number(code))
console.log(JSON.stringify(out))
process.exit(0)
