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
  let stopped = false
  child.stderr.on('data', (data: Buffer) => (complaints = (complaints + data.toString()).slice(-1_000_000)))
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((end) => child.on('close', () => end()))
    child.on('close', (code, signal) => {
      if (!stopped) console.error(obituary(flags, `ended with ${code ?? signal}\n${lastWords(complaints)}`))
      reject(new Error(`the program ended with ${code ?? signal}: ${lastWords(complaints)}`))
    })
    createInterface(child.stdout).on('line', (line) => {
      const url = /^Board\s+(http:\/\/\S+?)\/$/.exec(line)?.[1]
      if (url) resolve({ url, stop: () => ((stopped = true), child.kill(), ended) })
    })
  })
}

/** Why a program ended: what follows its panic rather than the end of all stacks that come then. */
function lastWords(complaints: string): string {
  const panic = /^(?:panic|fatal error): /m.exec(complaints)
  const lines = (panic ? complaints.slice(panic.index) : complaints).trimEnd().split('\n')
  return (panic ? lines.slice(0, 20) : lines.slice(-20)).join('\n')
}

/** The form in which scripts/failed finds it among everything else. */
function obituary(flags: string[], said: string): string {
  return said.trimEnd().split('\n').map((line) => `program ${flags.join(',')} | ${line}`).join('\n')
}
