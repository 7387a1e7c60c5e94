import { lengthOf, tooLong } from './text'

const NEAR = 0.9 // of the limit, from where the length is shown

/** Says how long a text is when it comes near what can be sent, and what is too much of it. */
export function Limit({ text, limit }: { text: string; limit: number }) {
  if (text.length < limit * NEAR) return null
  const over = tooLong(text, limit)
  if (!over && lengthOf(text) < limit * NEAR) return null
  return (
    <p className="limit" role="status" data-over={over ? true : undefined}>
      {over ? `${over}. Shorten it, or send it in parts: nothing was cut.` : `${lengthOf(text).toLocaleString('en')} of ${limit.toLocaleString('en')} characters`}
    </p>
  )
}
