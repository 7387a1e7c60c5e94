import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const wanted = process.env['SWITCHBOARD_SCREENSHOTS']
const folder = wanted === '1' ? join(import.meta.dirname, '..', '..', 'docs', 'screenshots') : wanted

/** Takes a picture, and keeps it where that is asked for, by 1 with the others of the documentation or by a folder: a new one on every run would be noise. */
export async function picture(page: Page, name: string) {
  if (folder) mkdirSync(folder, { recursive: true })
  await page.screenshot(folder ? { path: join(folder, `${name}.png`) } : {})
}
