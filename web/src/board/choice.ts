import { useMemo } from 'react'
import { useKept } from '../design/useKept'
import { useDesk } from './desk'
import type { Order } from './list'
import { type Choice, NO_CHOICE, orderKey, ORDERS, type View } from './views'

interface Chosen {
  choice: Choice
  setChoice: (choice: Choice) => void
  order: Order
  setOrder: (order: Order) => void
}

/** What was typed and chosen above a view, still there when one comes back to it in this window, and after a reload. */
export function useChoice(view: View): Chosen {
  const { me } = useDesk()
  const [narrowing, keepNarrowing] = useKept<string>(`choice:${me.id}/${view.key}`, '')
  const [sorting, keepSorting] = useKept<string>(`order:${me.id}/${view.key}`, orderKey(view.order))
  const choice = useMemo(() => choiceOf(narrowing), [narrowing])
  return {
    choice,
    setChoice: (next) => keepNarrowing(textOf(next)),
    order: ORDERS.find(({ key }) => key === sorting)?.order ?? view.order,
    setOrder: (next) => keepSorting(orderKey(next)),
  }
}

/** A choice as a text; empty when nothing was chosen. */
export function textOf(choice: Choice): string {
  const parts = Object.entries(choice).filter(([name, value]) => value !== NO_CHOICE[name as keyof Choice])
  return parts.length > 0 ? JSON.stringify(Object.fromEntries(parts)) : ''
}

/** The choice that such a text says; none for a text of another version. */
export function choiceOf(text: string): Choice {
  try {
    const { kind, search, awaiting, starred } = JSON.parse(text || '{}') as Partial<Choice>
    return {
      kind: kind === 'LIVECHAT' || kind === 'TICKET' ? kind : NO_CHOICE.kind,
      search: typeof search === 'string' ? search : NO_CHOICE.search,
      awaiting: awaiting === true,
      starred: starred === true,
    }
  } catch {
    return NO_CHOICE
  }
}
