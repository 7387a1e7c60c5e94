import { expect, test } from 'vitest'
import { ticket } from './api'
import { faults } from './axe'
import { action, sit, visit } from './desk'
import { program } from './here'

test.each(['light', 'dark'] as const)('axe-core finds nothing on the board, %s', async (colorScheme) => {
  const made = await ticket({ member: 'Anna Berg' }, 'Looked at by axe')
  const { page } = await visit(program(), '/', { colorScheme })
  await page.getByRole('button', { name: 'Anna Berg' }).waitFor()
  expect(await faults(page), 'sign-in').toEqual([])

  const anna = await sit('Anna Berg', { colorScheme })
  await anna.open(made, 'Mine')
  expect(await faults(anna.page), 'an open conversation').toEqual([])
  await action(anna, 'Assign').click()
  await anna.page.locator('.target-panel').getByRole('option').first().waitFor()
  expect(await faults(anna.page), 'the assign panel').toEqual([])
  await anna.page.keyboard.press('Escape')
  await anna.page.locator('.conversation-pane h2').focus()
  await anna.page.keyboard.press('?')
  await anna.page.getByRole('dialog').waitFor()
  expect(await faults(anna.page), 'the shortcuts').toEqual([])
  await anna.page.keyboard.press('Escape')
  await anna.view('Unassigned')
  await anna.page.locator('.list-row').first().waitFor()
  expect(await faults(anna.page), 'a list').toEqual([])
})
