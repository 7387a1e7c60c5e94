import { connect, Fault, PlaceDocument, StartLivechatDocument } from '../../client'
import type { Config, SignIn } from '../config'
import type { Visit } from './visit'

/** The server's script answers in chats of this channel alone. */
const CHANNEL = 'demo'

export interface Wish {
  name: string
  subject: string
  message: string
}

/** The companies that one can chat with: each has an AI agent, and the demo may act as it. */
export const companies = ({ signIns }: Config): SignIn[] => signIns.filter(({ kind }) => kind === 'ai_agent')

/**
 * Starts a chat as a website's own server would, with a credential that a real page never holds: here it is
 * the AI agent's of a demo. Answers the contact's token, with which all else is done.
 */
export async function begin({ endpoint }: Config, agent: SignIn, { name, subject, message }: Wish): Promise<Visit> {
  const connection = connect({ url: new URL(endpoint, window.location.href).href, token: agent.token })
  try {
    // From before the chat is there, so that nothing falls between its start and the stream.
    const cursor = (await connection.execute(PlaceDocument, {})).liveCursor
    const input = { contact: { name }, subject, message, channel: CHANNEL }
    const { conversation, contactToken, userErrors } = (await connection.execute(StartLivechatDocument, { input })).startLivechat
    if (!conversation || !contactToken) throw new Fault(userErrors[0]?.message ?? 'The chat was not started.', userErrors[0]?.code ?? 'INTERNAL')
    return { token: contactToken, conversation: conversation.id, company: agent.workspace, cursor }
  } finally {
    connection.close()
  }
}
