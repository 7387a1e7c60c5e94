// Drawn on a grid of 16, in strokes of the text's colour.
const PATHS = {
  chat: 'M2.5 4.5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H7l-3 2.6v-2.6a1.6 1.6 0 0 1-1.5-1.6z',
  ticket: 'M2.5 4h11v3a1.2 1.2 0 0 0 0 2.4V12h-11V9.4a1.2 1.2 0 0 0 0-2.4z M9.5 4.2v7.6',
  person: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM2.8 13.6c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4',
  people: 'M6 7.6a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8zM1.6 13.2C2 10.8 3.7 9.6 6 9.6s4 1.2 4.4 3.6M10.6 3a2.3 2.3 0 0 1 0 4.4M12 9.9c1.3.5 2.1 1.6 2.4 3.3',
  inbox: 'M2.5 9.5 4.3 3.6h7.4l1.8 5.9v3h-11zM2.5 9.5h3.3l.9 1.6h2.6l.9-1.6h3.3',
  clock: 'M8 13.7A5.7 5.7 0 1 0 8 2.3a5.7 5.7 0 0 0 0 11.4zM8 5v3.2l2.2 1.4',
  spark: 'M8 2.3l1.4 4.3L13.7 8 9.4 9.4 8 13.7 6.6 9.4 2.3 8l4.3-1.4z',
  check: 'M3 8.5l3.3 3.3L13 4.8',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2',
  swap: 'M3 5.5h9.5M9.8 2.8l2.7 2.7-2.7 2.7M13 10.5H3.5M6.2 7.8l-2.7 2.7 2.7 2.7',
  hand: 'M3 8.5V12a2 2 0 0 0 2 2h4.5a2 2 0 0 0 1.9-1.4L13 8.2M3 8.5l5-5M8 3.5v4M8 3.5h-4',
  leave: 'M9 3H4v10h5M7 8h6.5M11 5.5 13.5 8 11 10.5',
  lock: 'M4 7.5h8V13H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2',
  bolt: 'M8.8 2.3 3.8 9h3.7l-.4 4.7L12.2 7H8.4z',
  info: 'M8 13.7A5.7 5.7 0 1 0 8 2.3a5.7 5.7 0 0 0 0 11.4zM8 7.4v3.3M8 5.2v.2',
  keyboard: 'M1.8 4.2h12.4v7.6H1.8zM4.2 6.7h.1M6.7 6.7h.1M9.2 6.7h.1M11.7 6.7h.1M5 9.3h6',
  note: 'M3 2.8h10v7l-3.2 3.4H3zM13 9.8H9.8v3.4',
  undo: 'M5.5 3 2.8 5.7l2.7 2.7M3 5.7h6.2a3.6 3.6 0 1 1 0 7.2H6',
  bell: 'M8 2.3a3.8 3.8 0 0 0-3.8 3.8c0 3.5-1.4 4.6-1.4 5.4h10.4c0-.8-1.4-1.9-1.4-5.4A3.8 3.8 0 0 0 8 2.3zM6.6 13.5a1.5 1.5 0 0 0 2.8 0',
  star: 'M8 2.4l1.7 3.5 3.9.6-2.8 2.7.7 3.8L8 11.2l-3.5 1.8.7-3.8-2.8-2.7 3.9-.6z',
  eye: 'M1.6 8s2.3-4.2 6.4-4.2S14.4 8 14.4 8s-2.3 4.2-6.4 4.2S1.6 8 1.6 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
} as const

export type IconName = keyof typeof PATHS

/** A small picture beside words that say the same. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
