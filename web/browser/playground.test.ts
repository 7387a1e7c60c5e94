import { expect, test } from 'vitest'
import { as, claim, leave, ticket } from './api'
import { visit } from './desk'
import { picture } from './picture'
import { program } from './here'

test('the playground runs an example with the token filled in', async () => {
  const { page } = await visit(program(), '/playground')
  await page.getByLabel('Acting as').selectOption({ label: 'demo manager@demo.test' })
  await page.getByRole('tab', { name: 'MyInbox' }).waitFor()
  await page.getByRole('button', { name: /Execute query/ }).click()
  await page.locator('.result-window', { hasText: 'Mara' }).waitFor()
})

test('ids are filled in by one press, the answer says how it went, and a link shares it without a token', async () => {
  const { page, context } = await visit(program(), '/playground')
  await page.getByLabel('Acting as').selectOption({ label: 'demo manager@demo.test' })
  await page.getByRole('tab', { name: 'AssignableMembers' }).click()
  await page.getByRole('button', { name: 'Fill in ids' }).click()
  await page.getByText('1 id is filled in.').waitFor()
  await page.getByRole('button', { name: /Execute query/ }).click()
  await page.getByRole('region', { name: 'The last run' }).getByText(/200 · \d+ ms/).waitFor()
  await page.locator('.result-window', { hasText: 'selectable' }).waitFor()

  await page.getByRole('button', { name: 'Copy a link' }).click()
  await expect.poll(() => page.url()).toContain('#query=')
  const link = page.url()
  expect(link).not.toMatch(/eyJ|Bearer/)
  const other = await context.newPage()
  await other.goto(link)
  await other.locator('.graphiql-query-editor', { hasText: 'AssignableMembers' }).waitFor()
})

test('a subscription leaves a log of its items', async () => {
  const { page } = await visit(program(), '/playground')
  await page.getByLabel('Acting as').selectOption({ label: 'demo manager@demo.test' })
  await page.getByRole('tab', { name: 'AssignmentEvents' }).click()
  await page.getByRole('button', { name: /Execute query/ }).click()
  const run = page.getByRole('region', { name: 'The last run' })
  await run.getByText('Listening').waitFor()
  const anna = await as('demo agent1@demo.test')
  const made = await ticket({ member: 'Anna Berg' }, 'In the log')
  await expect.poll(async () => (await leave(anna, made), await claim(anna, made), await run.textContent())).toMatch(/Listening: [2-9]\d* came/)
  await run.getByText(/^Log: /).click()
  await run.locator('.run-log li', { hasText: 'CLAIMED' }).first().waitFor()
  await run.locator('.run-log li', { hasText: 'LEFT' }).first().waitFor()
  await picture(page, 'playground-log')
})

test('a partner is somebody to act as, and every page leads to the others', async () => {
  const { page } = await visit(program(), '/playground')
  await page.getByLabel('Acting as').selectOption({ label: 'demo website (a partner, by an API key)' })
  await page.getByRole('tab', { name: 'StartLivechat' }).click()
  await page.getByRole('button', { name: /Execute query/ }).click()
  await page.locator('.result-window', { hasText: 'userErrors' }).waitFor()
  for (const [name, path] of [['Wallboard', '/wall'], ['Chat as a visitor', '/chat'], ['Board', '/'], ['API playground', '/playground']] as const) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.waitForURL((url) => url.pathname === path)
  }
})
