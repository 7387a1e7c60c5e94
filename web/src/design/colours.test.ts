import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const sheets = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css') && name !== join('playground', 'playground.css')) // which uses GraphiQL's roles
const scripts = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
const read = (name: string) => readFileSync(join(root, name), 'utf8')

// A name that nothing defines has no value, and what it was for looks like whatever is around it.
test('every role that a style sheet or a part names is defined', () => {
  const defined = new Set(sheets.flatMap((name) => [...read(name).matchAll(/(--[\w-]+)\s*:/g)].map(([, role]) => role)))
  const named = [...sheets, ...scripts].flatMap((name) => [...read(name).matchAll(/var\((--[\w-]+)\)/g)].map(([, role]) => `${name}: ${role}`))
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter((one) => !defined.has(one.split(': ')[1]))).toEqual([])
})
