import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { type Connection, Fault, ViewerChangesDocument, type ViewerQuery } from '../../client'
import { type Team, useTeams } from './teams'
import type { Toasts } from './toasts'

export type Viewer = ViewerQuery['viewer']

/** What every part of the board works with. */
export interface Desk {
  connection: Connection
  toasts: Toasts
  /** Who is signed in and what they may do, now. */
  viewer: Viewer
  me: NonNullable<Viewer['member']>
  /** Every team of the workspace, now. */
  teams: Team[]
  /** Another string whenever what one may do changed. */
  rights: string
}

export const DeskContext = createContext<Desk | null>(null)

/** The desk that we sit at. Only below Board. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('useDesk needs a Board around it')
  return desk
}

/** What a desk begins with. */
export interface Start {
  connection: Connection
  toasts: Toasts
  viewer: Viewer
  teams: Team[]
}

/** The desk, kept right: another window, a manager, the plan or a lost connection may change who one is here. ended hears why access has ended. */
export function useLiveDesk({ connection, toasts, viewer: begun, teams: found }: Start, ended: (fault: Fault) => void): Desk {
  const [viewer, setViewer] = useState(begun)
  useEffect(
    () =>
      connection.subscribe(ViewerChangesDocument, {}, {
        next: ({ viewerChanges }) => setViewer(viewerChanges),
        ended: (fault) => ended(fault ?? new Fault('You can no longer sign in to this workspace.', 'NOT_A_MEMBER')),
      }),
    [connection, ended],
  )
  const rights = rightsOf(viewer)
  const teams = useTeams(connection, found, rights)
  return useMemo(() => ({ connection, toasts, viewer, me: viewer.member ?? begun.member!, teams, rights }), [connection, toasts, viewer, begun, teams, rights])
}

/** What a viewer may do, as one string. */
export const rightsOf = ({ permissions, workspace, member }: Viewer): string => JSON.stringify([permissions, workspace.plan.name, member?.teams.map(({ id }) => id)])
