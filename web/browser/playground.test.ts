import { inject, test } from 'vitest'
import { visit } from './desk'

test('the playground runs an example with the token filled in', async () => {
  const { page } = await visit(inject('program'), '/playground')
  await page.getByLabel('Acting as').selectOption({ label: 'demo manager@demo.test' })
  await page.getByRole('tab', { name: 'MyInbox' }).waitFor()
  await page.getByRole('button', { name: /Execute query/ }).click()
  await page.locator('.result-window', { hasText: 'Mara' }).waitFor()
})
