import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { as, type Caller } from './api'
import { visit } from './desk'
import { ownWord } from './here'
import { serve } from './program'

/** One request to an endpoint. */
export interface Received {
  id: string
  replay: string | null
  signature: string
  body: { type: string; sequence: string | null; data: Record<string, unknown> }
}

/** Another system, which answers as it is told. */
export interface Receiver {
  url: string
  got: Received[]
  /** The status of the next answers, with a text. */
  answers: (status: number, text?: string) => void
  close: () => Promise<void>
}

/** Opens an endpoint on the loopback. It takes everything until it is told otherwise. */
export async function receive(): Promise<Receiver> {
  const got: Received[] = []
  let answer = { status: 204, text: '' }
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = (name: string) => (request.headers[name] as string | undefined) ?? null
    got.push({ id: one('webhook-id')!, replay: one('webhook-replay'), signature: one('webhook-signature')!, body: JSON.parse(Buffer.concat(chunks).toString()) })
    response.writeHead(answer.status).end(answer.text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    got,
    answers: (status, text = '') => (answer = { status, text }),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A program that may call the loopback, with the owner of its demo. */
export interface Calling {
  origin: string
  owner: Caller
  /** A team of it. */
  teamId: string
  stop: () => Promise<void>
}

/** Starts a program that sends webhooks to this machine too. */
export async function calling(): Promise<Calling> {
  const { url, stop } = await serve(['--demo', '--memory', '--webhooks', 'any', '--webhook-allow-network', '127.0.0.0/8'])
  const owner = await as('demo owner@demo.test', url)
  const { teams } = await owner.ask('{ teams(first: 1) { nodes { id } } }')
  return { origin: url, stop, owner, teamId: teams.nodes[0].id }
}

/** Makes an API key that sees everything. Answers its name. */
export async function makeKey({ owner }: Calling): Promise<{ id: string; name: string }> {
  const name = `CRM ${ownWord()}`
  const permissions = ['view:livechat:ALL', 'view:ticket:ALL']
  const { createApiKey } = await owner.ask(`mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id name } userErrors { code message } } }`, {
    input: { name, role: 'partner', permissions },
  })
  return createApiKey.apiKey
}

/** Makes an endpoint without the page. Answers its id. */
export async function makeEndpoint({ owner }: Calling, url: string, key: { id: string }, name = `CRM ${ownWord()}`): Promise<{ id: string; name: string }> {
  const { createWebhook } = await owner.ask(`mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id name } userErrors { code message } } }`, {
    input: { name, url, apiKeyId: key.id, records: ['OWNERSHIP'] },
  })
  return createWebhook.webhook
}

/** Makes a ticket, which is a record of the log. Answers its id. */
export async function happens({ owner, teamId }: Calling): Promise<string> {
  const { createTicket } = await owner.ask(`mutation($input: CreateTicketInput!) { createTicket(input: $input) { conversation { id } userErrors { code message } } }`, {
    input: { subject: `A question ${ownWord()}`, contact: { name: 'Vera Visitor', email: 'vera@visitors.test' }, to: { teamId } },
  })
  return createTicket.conversation.id
}

/** Opens the page of webhooks, or one endpoint on it. */
export async function hooks({ origin }: { origin: string }, as = 'Olivia Ohm', endpoint = '', options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await visit(origin, `/webhooks${endpoint && `#${encodeURIComponent(endpoint)}`}`, { as, ...options })
  return page
}
