import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../client/index'
import { endsSession } from './Connecting'

const src = join(import.meta.dirname, '..')
const sourcesOf = (page: string) => readdirSync(join(src, page)).filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.')).map((file) => readFileSync(join(src, page, file), 'utf8'))
const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)

// The chat of a visitor has no session: its company may be back in a moment, and the chat with it.
const pages = folders.filter((folder) => folder !== 'design' && sourcesOf(folder).some((source) => source.includes('tokenOf(')))

test('there are pages for who is signed in', () => expect(pages).toEqual(['board', 'wall', 'webhooks']))

test.each(['UNAUTHENTICATED', 'NOT_A_MEMBER', 'WORKSPACE_SUSPENDED'])('%s ends the session', (code) => expect(endsSession(new Fault('No.', code))).toBe(true))

test.each(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'LIMIT_EXCEEDED', 'PERMISSION_DENIED'])('%s does not', (code) => expect(endsSession(new Fault('No.', code))).toBe(false))

test.each(pages)('%s ends with the session, by what all pages know of that', (page) => {
  const connecting = sourcesOf(page).filter((source) => source.includes('tokenOf('))
  for (const source of connecting) expect(source).toMatch(/endsSession\((\w+)\)\)? (&& )?(return )?onSignOut\(\1\.message\)/)
  for (const source of sourcesOf(page)) expect(source).not.toMatch(/[!=]== '(UNAUTHENTICATED|NOT_A_MEMBER|WORKSPACE_SUSPENDED)'/)
})
