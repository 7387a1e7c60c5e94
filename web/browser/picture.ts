import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = process.env['SWITCHBOARD_SCREENSHOTS'] && join(import.meta.dirname, '..', '..', 'docs', 'screenshots')

/** Takes a picture, and keeps it where that is asked for: a new one on every run would be noise. */
export async function picture(page: Page, name: string) {
  if (folder) mkdirSync(folder, { recursive: true })
  await page.screenshot(folder ? { path: join(folder, `${name}.png`) } : {})
}
