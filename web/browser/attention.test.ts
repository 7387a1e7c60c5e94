import { expect, test } from 'vitest'
import { ticket } from './api'
import { action, type Seat, sit } from './desk'
import { LATENCIES, slow } from './latency'
import { arrive, askForPerson } from './visitor'

const line = ({ page }: Seat) => page.getByTestId('attention')
const reply = ({ page }: Seat) => page.getByRole('textbox', { name: 'Reply' })
const tooWide = () => document.documentElement.scrollWidth > window.innerWidth

test.each(LATENCIES)('two people who begin an answer see each other, %i ms away', async (latency) => {
  const made = await ticket({ team: 'Support' }, 'Answered by two')
  const [anna, ben] = await Promise.all([sit('Anna Berg'), sit('Ben Okafor', { viewport: { width: 360, height: 640 } })])
  await Promise.all([slow(anna.page, latency), slow(ben.page, latency)])
  await ben.page.getByRole('button', { name: 'Views' }).click()
  await ben.page.getByRole('link', { name: 'Unassigned' }).click()
  await anna.open(made)
  await ben.row(made).getByRole('img', { name: /Anna Berg.*is looking at this/ }).waitFor()
  expect(await ben.page.evaluate(tooWide)).toBe(false)
  await ben.row(made).getByRole('link').click()
  await Promise.all([anna, ben].map((seat) => reply(seat).pressSequentially('Hello, ', { delay: 20 })))
  await Promise.all([line(anna).filter({ hasText: /Ben Okafor.*is typing/ }).waitFor(), line(ben).filter({ hasText: /Anna Berg.*is typing/ }).waitFor()])
  await ben.page.getByRole('status').filter({ hasText: /Anna Berg.*is typing/ }).waitFor()
  expect(await ben.page.evaluate(tooWide)).toBe(false)
  await reply(anna).fill('')
  await line(ben).filter({ hasText: /Anna Berg.*is looking at this/ }).waitFor()
  await anna.page.close()
  await line(ben).filter({ hasNotText: 'Anna Berg' }).waitFor()
})

test('a visitor and the member who answers see each other type, and the visitor nothing else', async () => {
  const visitor = await arrive('Where is it?')
  await askForPerson(visitor)
  const mara = await sit('Mara Lindqvist')
  await mara.view('Waiting')
  await mara.page.getByRole('searchbox', { name: 'Search subject or visitor' }).fill(visitor.name)
  const row = mara.page.locator('.list-row:not([data-leaving])', { hasText: visitor.name })
  await visitor.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Hello?', { delay: 20 })
  await row.getByRole('img', { name: `${visitor.name} is typing` }).waitFor()
  await row.getByRole('link').click()
  await action(mara, 'Claim').click()
  const answering = visitor.page.getByTestId('answering')
  await visitor.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Anybody there?', { delay: 20 })
  await line(mara).filter({ hasText: `${visitor.name}` }).waitFor()
  await mara.page.getByRole('button', { name: 'Note' }).click()
  await mara.page.getByRole('textbox', { name: 'Internal note' }).pressSequentially('Strange one', { delay: 20 })
  expect(await answering.textContent()).toBe('')
  await mara.page.getByRole('textbox', { name: 'Internal note' }).fill('')
  await mara.page.getByRole('button', { name: 'Reply', exact: true }).click()
  await reply(mara).pressSequentially('I am here', { delay: 20 })
  await answering.filter({ hasText: /Mara Lindqvist.*is typing/ }).waitFor()
  await mara.page.getByRole('button', { name: /^Send/ }).click()
  await answering.filter({ hasNotText: 'Mara' }).waitFor()
})
