import { createServer, connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A cable between a browser and the program, which can be cut. */
export interface Proxy {
  /** Where the browser finds the program through it. */
  origin: string
  /** Ends every connection and lets none through. */
  cut: () => void
  /** Lets connections through again. */
  mend: () => void
  /** Keeps what the program says on sockets from the browser. */
  hold: () => void
  /** Passes on what was held. */
  release: () => void
  close: () => Promise<void>
}

export async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<{ browser: Socket; program: Socket; socket: boolean }>()
  let whole = true

  const server = createServer((browser) => {
    if (!whole) return void browser.destroy()
    const program = connect(Number(port), hostname)
    const pair = { browser, program, socket: false }
    pairs.add(pair)
    browser.once('data', (first: Buffer) => (pair.socket = /^upgrade: websocket/im.test(first.toString('latin1'))))
    browser.pipe(program)
    program.pipe(browser)
    const end = () => {
      pairs.delete(pair)
      browser.destroy()
      program.destroy()
    }
    for (const side of [browser, program]) side.on('error', end).on('close', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      whole = false
      for (const { browser } of pairs) browser.destroy()
    },
    mend: () => void (whole = true),
    hold: () => {
      for (const { socket, program, browser } of pairs) if (socket) program.unpipe(browser)
    },
    release: () => {
      for (const { socket, program, browser } of pairs) if (socket) program.pipe(browser)
    },
    close: () =>
      new Promise((resolve) => {
        for (const { browser } of pairs) browser.destroy()
        server.close(() => resolve())
      }),
  }
}
