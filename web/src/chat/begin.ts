import { type Connection, connect, Fault, PlaceDocument, StartLivechatDocument } from '../../client/index'
import type { Config, SignIn } from '../config'
import type { Visit } from './visit'
import type { Wish } from './wish'

/** The server's script answers in chats of this channel alone. */
const CHANNEL = 'demo'

/** The companies that one can chat with: each has a website, and the demo may act as it. */
export const companies = ({ signIns }: Config): SignIn[] => signIns.filter(({ kind }) => kind === 'website')

/**
 * Starts a chat as a website's own server would, with an API key that a real page never holds. Returns the
 * contact's token, with which everything else is done. The same key again is the same chat.
 */
export async function begin({ endpoint }: Config, website: SignIn, { name, subject, message }: Wish, idempotencyKey: string): Promise<Visit> {
  const url = new URL(endpoint, window.location.href).href
  const input = { contact: { name }, subject, message, channel: CHANNEL, aiAgentId: website.aiAgentId, idempotencyKey }
  const started = await asking(url, website.token, ({ execute }) => execute(StartLivechatDocument, { input }))
  const { conversation, contactToken, userErrors } = started.startLivechat
  if (!conversation || !contactToken) throw new Fault(userErrors[0]?.message ?? 'The chat was not started.', userErrors[0]?.code ?? 'INTERNAL')
  // The chat is fetched whole after this, so that nothing falls between its start and the stream.
  const { liveCursor } = await asking(url, contactToken, ({ execute }) => execute(PlaceDocument, {}))
  return { token: contactToken, conversation: conversation.id, company: website.workspace, cursor: liveCursor }
}

/** Asks with one token, and hangs up. */
async function asking<T>(url: string, token: string, ask: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = connect({ url, token })
  try {
    return await ask(connection)
  } finally {
    connection.close()
  }
}
