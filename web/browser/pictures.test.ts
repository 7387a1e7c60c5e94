import { test } from 'vitest'
import { action, shows, sit } from './desk'
import { picture } from './picture'
import { serve } from './program'
import { arrive, askForPerson } from './visitor'
import { hang } from './wallboard'

const TALL = { width: 460, height: 760 }

test('pictures of the wall and of a chat, as the demo shows them', async () => {
  const program = await serve()
  const through = program.url
  try {
    const walls = await Promise.all((['light', 'dark'] as const).map(async (colorScheme) => ({ ...(await hang({ through, colorScheme })), name: `wall-${colorScheme}` })))
    const vera = await arrive('Can I have an invoice with our VAT number?', { through, viewport: TALL, name: 'Vera Visitor' })
    await askForPerson(vera)
    await shows(vera.host, /number \d+/)
    await picture(vera.page, 'chat-waiting')

    const mara = await sit('Mara Lindqvist', { through })
    await mara.view('Waiting')
    await mara.page.getByRole('searchbox', { name: 'Search subject or visitor' }).fill(vera.name) // the last of many
    await mara.page.locator('.list-row', { hasText: vera.name }).getByRole('link').click()
    await action(mara, 'Claim').click()
    await mara.page.getByRole('textbox', { name: 'Reply' }).fill('Hello Vera, I send it to you right away.')
    await mara.page.getByRole('button', { name: 'Send' }).click()
    await shows(vera.said, 'right away')
    await picture(vera.page, 'chat-person')

    for (const { page, changes, name } of walls) {
      await shows(changes.first(), 'Mara Lindqvist claimed it')
      await picture(page, name)
    }
    const narrow = await hang({ through, viewport: { width: 320, height: 640 } })
    await picture(narrow.page, 'wall-narrow')
  } finally {
    program.stop()
  }
})
