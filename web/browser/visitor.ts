import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { as, type Made } from './api'
import { visit } from './desk'
import { ownWord, program } from './here'

/** Somebody on the visitors' page. */
export interface Visitor {
  page: Page
  name: string
  /** Who answers, as the page says. */
  host: Locator
  /** What was said. */
  said: Locator
  write: (text: string, button?: string) => Promise<void>
}

/** Starts a chat as somebody, with a name that nobody else has unless one is given, and waits for the AI agent's answer. */
export async function arrive(message: string, { through = program(), about = 'An invoice', name = `Vera ${ownWord()}`, ...options }: BrowserContextOptions & { through?: string; about?: string; name?: string } = {}): Promise<Visitor> {
  const { page } = await visit(through, '/chat', options)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('What is it about?').selectOption(about)
  await page.getByLabel('Your message').fill(message)
  await page.getByRole('button', { name: 'Start the chat' }).click()
  const said = page.locator('.said')
  await page.locator('.said.theirs').first().waitFor()
  const write = async (text: string, button = 'Send') => {
    await page.getByRole('textbox', { name: 'Message' }).fill(text)
    await page.getByRole('button', { name: button }).click()
  }
  return { page, name, host: page.getByTestId('host'), said, write }
}

/** Asks the AI agent for a person, and waits until it has. */
export async function askForPerson({ page, host }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'I would like to talk to a person' }).click()
  await host.filter({ hasText: 'in line' }).waitFor()
}

/** The chats of a visitor, as the workspace's owner finds them. A search finds more: words of a subject, and the beginnings of words. */
export async function chatsOf(name: string): Promise<Made[]> {
  const { conversations } = await (await as('demo owner@demo.test')).ask(
    `query($view: InboxView) { conversations(view: $view, first: 50) { nodes { id subject contact { name } } } }`,
    { view: { search: name } },
  )
  return conversations.nodes.filter((node: { contact: { name: string } }) => node.contact.name === name)
}
