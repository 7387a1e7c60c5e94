import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { Made } from './api'
import { visit } from './desk'
import { program } from './here'

/** A wall with somebody signed in. */
export interface Hung {
  page: Page
  /** A figure by its label. */
  figure: (label: string) => Promise<string>
  /** What changed, newest first. */
  changes: Locator
  /** How many changes the chart says there were. */
  counted: () => Promise<number>
}

/** What changed about a conversation: newest first, by how many came after it. */
export const of = (changes: Locator, { subject }: Made, after = 0) => changes.filter({ hasText: subject }).nth(after)

/** Hangs a wall, as it is on a screen in a room unless told otherwise. */
export async function hang({ through = program(), ...options }: BrowserContextOptions & { through?: string } = {}): Promise<Hung> {
  const { page } = await visit(through, '/wall', { as: 'Oskar Vance', viewport: { width: 1920, height: 1080 }, ...options })
  return hung(page)
}

/** The wall on a page, once it shows its members. */
export async function hung(page: Page): Promise<Hung> {
  await page.locator('.wall-member').first().waitFor()
  await page.locator('.wall-figure', { hasText: /\d of \d/ }).waitFor()
  const figure = async (label: string) => (await page.locator('.wall-figure', { hasText: label }).locator('dd').textContent()) ?? ''
  const counted = async () => Number(/^\d+/.exec((await page.locator('.wall-tempo figcaption p').textContent()) ?? '')?.[0])
  return { page, figure, changes: page.getByRole('region', { name: 'Changes' }).getByRole('listitem'), counted }
}
