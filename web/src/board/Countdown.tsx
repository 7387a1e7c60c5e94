import { left, useNow } from '../design/time'

/** How long something still stands, second by second, by the server's clock. It is not read aloud. */
export function Countdown({ until }: { until: string }) {
  const now = useNow(1000)
  return (
    <time className="countdown" role="timer" aria-label="Time left" dateTime={until}>
      {left(Date.parse(until) - now)}
    </time>
  )
}
