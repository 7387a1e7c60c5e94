import { test } from 'vitest'
import { action, sit, visit } from './desk'
import { picture } from './picture'
import { serve } from './program'

test('pictures of the board, as the demo shows it', async () => {
  const program = await serve()
  try {
    const signIn = await visit(program.url, '/')
    await signIn.page.getByRole('button', { name: 'Anna Berg' }).waitFor()
    await picture(signIn.page, 'sign-in')
    for (const colorScheme of ['light', 'dark'] as const) await desk(program.url, colorScheme)
    await phone(program.url)
  } finally {
    program.stop()
  }
})

async function desk(through: string, colorScheme: 'light' | 'dark') {
  const seat = await sit('Mara Lindqvist', { through, colorScheme })
  await seat.view('All open')
  await seat.page.locator('.list-row .owner', { hasText: 'Ben' }).first().click()
  await seat.page.locator('.banner.takeover').waitFor()
  await picture(seat.page, `board-${colorScheme}`)
  // What somebody else owns is taken over first: the panel is for what nobody owns.
  await seat.view('Unassigned')
  await seat.page.locator('.list-row a').first().click()
  await action(seat, 'Assign').waitFor()
  await seat.page.keyboard.press('Alt+a')
  await seat.page.locator('.target-panel').getByRole('option').nth(3).waitFor()
  await picture(seat.page, `assign-${colorScheme}`)
}

async function phone(through: string) {
  const seat = await sit('Anna Berg', { through, viewport: { width: 320, height: 640 } })
  await seat.page.locator('.list-row').first().waitFor()
  await picture(seat.page, 'narrow-list')
  await seat.page.locator('.list-row a').first().click()
  await action(seat, 'Assign').waitFor()
  await picture(seat.page, 'narrow-conversation')
}
