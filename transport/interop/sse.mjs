// A graphql-sse client at the server in argv[2], in single connection mode if argv[3] is
// "single", led by commands on stdin, one JSON
// object a line. It prints what happens to it, one JSON object a line.
import { createInterface } from 'node:readline'
import { createClient } from 'graphql-sse'

const tell = (event) => console.log(JSON.stringify(event))

let token = 'good'
const single = process.argv[3] === 'single'
const client = createClient({
  url: process.argv[2],
  headers: () => ({ Authorization: `Bearer ${token}` }),
  retry: async () => {},
  onMessage: () => {},
  singleConnection: single,
  on: { connecting: (again) => single && again && tell({ event: 'again', id: '' }) },
})

const running = {}
const commands = {
  token: ({ value }) => (token = value),
  subscribe: ({ id, value }) => {
    running[id] = client.subscribe(
      { query: value },
      {
        next: (result) => tell({ event: 'next', id, text: JSON.stringify(result) }),
        error: (error) => tell({ event: 'error', id, text: String(error?.message ?? error), code: error?.response?.status ?? 0 }),
        complete: () => tell({ event: 'complete', id }),
      },
      { connecting: (again) => again && tell({ event: 'again', id }) },
    )
  },
  stop: ({ id }) => running[id](),
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  commands[command.do](command)
}
process.exit(0)
