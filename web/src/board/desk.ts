import { createContext, useContext } from 'react'
import type { Connection, ViewerQuery } from '../../client'
import type { Toasts } from './toasts'

type Viewer = ViewerQuery['viewer']

/** What every part of the board works with. */
export interface Desk {
  connection: Connection
  toasts: Toasts
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
