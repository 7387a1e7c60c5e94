import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the programs listen, one for each worker. */
    programs: string[]
    /** Where the browser takes commands. */
    browser: string
  }
}

const binary = join(import.meta.dirname, '..', '..', 'bin', 'switchboard')

/** Starts the built program with the demo for each worker, and a browser. Ends all. */
export default async function setup(project: TestProject) {
  const programs = await Promise.all(Array.from({ length: project.vitest.config.maxWorkers }, () => serve()))
  const browser = await chromium.launchServer({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })
  project.provide('programs', programs.map(({ url }) => url))
  project.provide('browser', browser.wsEndpoint())
  return async () => {
    await browser.close()
    await Promise.all(programs.map(({ stop }) => stop()))
  }
}

function chromiumPath(): string {
  const path = process.env['SWITCHBOARD_CHROMIUM']
  if (!path) throw new Error('SWITCHBOARD_CHROMIUM names no Chromium: run make test-browser, which finds one.')
  return path
}

/** Starts the program, with more flags when told. Resolves when it says where it listens; stop resolves when it has ended. */
export function serve(flags: string[] = ['--demo', '--memory'], port = 0): Promise<{ url: string; stop: () => Promise<void> }> {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run make build`)
  const child = spawn(binary, ['serve', ...flags, '--addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (data: Buffer) => (complaints = (complaints + data.toString()).slice(-4000)))
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((end) => child.on('exit', () => end()))
    child.on('exit', (code) => reject(new Error(`the program ended with ${code}: ${complaints}`)))
    createInterface(child.stdout).on('line', (line) => {
      const url = /^Board\s+(http:\/\/\S+?)\/$/.exec(line)?.[1]
      if (url) resolve({ url, stop: () => (child.kill(), ended) })
    })
  })
}
