import { AssignmentEventsDocument, type Connection, type Fault, Subject, WorkloadsDocument } from '../../client/index'
import type { Hour } from './hour'
import { keep, kept } from './kept'
import { hung, newWall, type Wall, type WallEvent } from './wall'

export interface WallState {
  wall: Wall
  fault: Fault | null
}

const SHOWN_EVERY = 100 // milliseconds: what comes faster is shown together
const KEPT_EVERY = 10_000

/** Keeps a wall right, by its streams alone. */
export class WallFeed {
  readonly state: Subject<WallState>
  readonly #connection: Connection
  readonly #viewer: string
  readonly #teams: readonly string[]
  readonly #now: () => number
  #wall: Wall
  #fault: Fault | null = null
  #due: ReturnType<typeof setTimeout> | undefined

  #seen: ReadonlySet<string>

  /** viewer names who looks, so that a reload by somebody else begins anew; now is the server's time; hour is what was before. */
  constructor(connection: Connection, viewer: string, teams: readonly string[], now: () => number, hour: Hour | null = null) {
    this.#connection = connection
    this.#viewer = viewer
    this.#teams = teams
    this.#now = now
    this.#seen = hour?.seen ?? new Set()
    this.#wall = { ...newWall(now()), ...(hour && { tempo: hour.tempo, changes: hour.changes, cursor: hour.cursor }), ...kept(viewer) }
    this.state = new Subject<WallState>({ wall: this.#wall, fault: null })
  }

  /** Begins. Answers how to end. */
  start(): () => void {
    const save = () => keep(this.#viewer, this.#wall)
    const saving = setInterval(save, KEPT_EVERY)
    window.addEventListener('pagehide', save)
    const stops = [this.#followChanges(), this.#followLoads(null), ...this.#teams.map((team) => this.#followLoads(team))]
    return () => {
      stops.forEach((stop) => stop())
      clearInterval(saving)
      clearTimeout(this.#due)
      window.removeEventListener('pagehide', save)
      save()
    }
  }

  #followChanges() {
    return this.#connection.subscribe(AssignmentEventsDocument, { after: this.#wall.cursor }, {
      next: ({ assignmentEvents: item }) => {
        // What was committed while the hour was asked for comes twice.
        const known = item.node && this.#seen.has(item.node.id)
        this.#take({ type: 'change', item: known ? { ...item, node: null } : item, now: this.#now() })
      },
      missed: () => this.#take({ type: 'missed', now: this.#now() }),
      ended: (fault) => this.#ended(fault),
    })
  }

  #followLoads(team: string | null) {
    let first = true
    return this.#connection.subscribe(WorkloadsDocument, { teamId: team }, {
      next: ({ workloads: change }) => {
        this.#take({ type: 'loads', team, change, first })
        first = false
      },
      missed: () => (first = true),
      ended: (fault) => this.#ended(fault),
    })
  }

  #take(event: WallEvent) {
    this.#wall = hung(this.#wall, event)
    this.#due ??= setTimeout(() => this.#show(), SHOWN_EVERY)
  }

  #ended(fault: Fault | undefined) {
    if (fault) this.#fault = fault
    this.#show()
  }

  #show() {
    clearTimeout(this.#due)
    this.#due = undefined
    this.state.set({ wall: this.#wall, fault: this.#fault })
  }
}
