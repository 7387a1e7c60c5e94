import { createServer, connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** What takes a while to get through: a network with a latency. */
export interface SlowNetwork {
  origin: string
  close: () => Promise<void>
}

/** Puts milliseconds between a browser and the program, half of them each way. */
export async function openSlowNetwork(target: string, latency: number): Promise<SlowNetwork> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((browser) => {
    const program = connect(Number(port), hostname)
    for (const side of [browser, program]) sockets.add(side)
    late(browser, program, latency / 2)
    late(program, browser, latency / 2)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function late(from: Socket, to: Socket, wait: number) {
  const after = (what: () => void) => setTimeout(() => to.destroyed || what(), wait)
  from.on('data', (chunk: Buffer) => after(() => to.write(chunk)))
  from.on('end', () => after(() => to.end()))
  from.on('error', () => to.destroy())
  from.on('close', () => after(() => to.destroy()))
}
