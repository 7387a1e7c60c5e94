import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { type Connection, Fault, ViewerChangesDocument, type ViewerQuery } from '../../client/index'
import type { Drafts } from '../design/drafts'
import type { Answers, DeskOutbox } from './outgoing'
import { type Reason, useAllReasons, type Why } from './reasons'
import { type Saved, useSaved } from './saved'
import { type Team, useTeams } from './teams'
import type { Toasts } from './toasts'

export type Viewer = ViewerQuery['viewer']

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
  /** Who is signed in and what they may do, now. */
  viewer: Viewer
  me: NonNullable<Viewer['member']>
  /** Every team of the workspace, now. */
  teams: Team[]
  /** The views that the member saved, or that are shared with them, now. */
  saved: Saved[]
  /** Every reason that can be picked, now. */
  reasons: Reason[]
  /** Asks why before something is done. */
  why: Why
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
export type Start = Omit<Desk, 'rights'>

/** The desk, kept right: another window, a manager, the plan or a lost connection may change who one is here. ended hears why access has ended. */
export function useLiveDesk(start: Start, ended: (fault: Fault) => void): Desk {
  const { connection } = start
  const [viewer, setViewer] = useState(start.viewer)
  useEffect(
    () =>
      connection.subscribe(ViewerChangesDocument, {}, {
        next: ({ viewerChanges }) => setViewer(viewerChanges),
        ended: (fault) => ended(fault ?? new Fault('You can no longer sign in to this workspace.', 'NOT_A_MEMBER')),
      }),
    [connection, ended],
  )
  const rights = rightsOf(viewer)
  const teams = useTeams(connection, start.teams, rights)
  const saved = useSaved(connection, start.saved, rights)
  const reasons = useAllReasons(connection, start.reasons, rights)
  return useMemo(() => ({ ...start, viewer, me: viewer.member ?? start.me, teams, saved, reasons, rights }), [start, viewer, teams, saved, reasons, rights])
}

/** What a viewer may do and has to say, as one string. */
export const rightsOf = ({ permissions, workspace, member }: Viewer): string => JSON.stringify([permissions, workspace.plan.name, workspace.rules, member?.teams.map(({ id }) => id)])
