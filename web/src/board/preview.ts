import type { Row } from './list'
import { cut } from '../design/text'
import { nameOf } from './words'

/** Letters of a message that a row or a notice shows at most. */
export const PREVIEW = 140

/** What was said last, and by whom where it was not the visitor: what stands in a row. */
export function preview({ lastMessage }: Pick<Row, 'lastMessage'>, viewerId: string): { by: string | null; robot: boolean; text: string } {
  if (!lastMessage) return { by: null, robot: false, text: 'No messages yet' }
  const { author, preview: body } = lastMessage
  const by = author.__typename === 'Contact' ? null : nameOf(author, viewerId)
  return { by, robot: author.__typename === 'AIAgent', text: cut(body.replace(/\s+/g, ' ').trim(), PREVIEW) }
}
