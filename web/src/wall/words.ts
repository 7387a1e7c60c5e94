/** A length of time as a running clock: 0:07, 12:30, 1:02:03, 2 d 4 h. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  const two = (figure: number) => String(figure).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

const LIMIT = 1000 // to which the server counts

/** A figure of the server, which counts no further. */
export const figure = (count: number): string => (count >= LIMIT ? `${LIMIT}+` : String(count))
