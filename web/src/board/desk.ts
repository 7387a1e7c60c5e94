import { createContext, useContext } from 'react'
import type { Connection, ViewerQuery } from '../../client'
import type { Drafts } from '../design/drafts'
import type { Answers, DeskOutbox } from './outgoing'
import type { Toasts } from './toasts'

type Viewer = ViewerQuery['viewer']

/** What every part of the board works with. */
export interface Desk {
  connection: Connection
  toasts: Toasts
  /** What the member typed and has not sent. */
  drafts: Drafts
  /** What the member sent and is not answered. */
  outbox: DeskOutbox
  /** What the answers say, for the open conversation. */
  answers: Answers
  viewer: Viewer
  me: NonNullable<Viewer['member']>
}

export const DeskContext = createContext<Desk | null>(null)

/** The desk that we sit at. Only below Board. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('useDesk needs a Board around it')
  return desk
}
