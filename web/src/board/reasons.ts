import { type Connection, ReasonCodesDocument, type ReasonCodesQuery, type ReasonUsage, Subject } from '../../client/index'
import type { Desk } from './desk'
import { useLooks } from './looks'
import type { Opened } from './thread'
import type { Verb } from './verbs'

export type Reason = ReasonCodesQuery['reasonCodes'][number]

/** Every reason that can be picked in the workspace: at most 250. Rejects with a Fault. */
export const allReasons = async (connection: Pick<Connection, 'execute'>): Promise<Reason[]> => (await connection.execute(ReasonCodesDocument, {})).reasonCodes

/** The reasons, looked at again like teams. */
export const useAllReasons = (connection: Connection, begun: Reason[], mark: unknown): Reason[] => useLooks(connection, allReasons, begun, mark, JSON.stringify)

/** What is done with a reason of each usage, in words. */
export const DOES: Record<ReasonUsage, string> = { DECLINE: 'Decline', TRANSFER: 'Transfer', TAKEOVER: 'Take over', CLOSE: 'Close', AWAY: 'Go away' }

/**
 * The usage of the reasons that a verb of one conversation takes, in a workspace that demands some; null for none. What nobody owns is taken
 * from nobody, who asks for no reason.
 */
export function usageOf(verb: Verb, { assignee }: Pick<Opened, 'assignee'>, myId: string, demanded: readonly ReasonUsage[] = []): ReasonUsage | null {
  switch (verb.type) {
    case 'close':
      return 'CLOSE'
    case 'status':
      return verb.status === 'CLOSED' ? 'CLOSE' : null
    case 'takeOver':
      return assignee && 'TAKEOVER'
    case 'assign':
      return assignee && ('memberId' in verb.to && verb.to.memberId === myId ? 'TAKEOVER' : 'TRANSFER')
    case 'transfer':
      return assignee && 'TRANSFER'
    case 'leave':
      return 'TRANSFER'
    case 'unassign': // of somebody else it is the half of a takeover
      return assignee && (assignee.id !== myId && demanded.includes('TAKEOVER') && !demanded.includes('TRANSFER') ? 'TAKEOVER' : 'TRANSFER')
    case 'declineOffer':
      return 'DECLINE'
    default:
      return null
  }
}

/** Whether the workspace demands a reason of a usage. */
export const demands = ({ viewer }: Pick<Desk, 'viewer'>, usage: ReasonUsage): boolean => viewer.workspace.rules.reasonsRequired.includes(usage)

/** The reasons of some usages. */
export const reasonsFor = ({ reasons }: Pick<Desk, 'reasons'>, ...usages: readonly ReasonUsage[]): Reason[] => reasons.filter(({ usage }) => usages.includes(usage))

/** A question of the page: why somebody does something. */
export interface Question {
  usage: ReasonUsage
  /** Takes the id of a reason, null for none, or undefined when it is not done after all. */
  answer: (picked: string | null | undefined) => void
}

/** What is asked, one question at a time. */
export class Why {
  readonly asked = new Subject<Question | null>(null)

  /** Asks, and resolves to the answer. Another question takes the place of the one before, which is answered with undefined. */
  ask(usage: ReasonUsage): Promise<string | null | undefined> {
    this.asked.get()?.answer(undefined)
    return new Promise((resolve) => {
      const question: Question = {
        usage,
        answer: (picked) => {
          if (this.asked.get() === question) this.asked.set(null)
          resolve(picked)
        },
      }
      this.asked.set(question)
    })
  }
}

/** What is needed to ask. */
export type Asking = Pick<Desk, 'viewer' | 'me' | 'reasons' | 'why'>

/** Whether there is something to ask: a reason is demanded, or there are some to pick. */
const worthAsking = (desk: Asking, usage: ReasonUsage): boolean => demands(desk, usage) || reasonsFor(desk, usage).length > 0

/**
 * Asks why before something is done, where that is worth it. Resolves to the id of a reason, null for none, or undefined when it is
 * not to be done.
 */
export async function askWhy(desk: Asking, usage: ReasonUsage | null, worth = worthAsking): Promise<string | null | undefined> {
  return usage && worth(desk, usage) ? desk.why.ask(usage) : null
}

/** The verb with the reason that was picked for it; null when it is not to be done. A decline has asked in its own form. */
export async function reasoned(desk: Asking, seen: Pick<Opened, 'assignee'>, verb: Verb, worth = worthAsking): Promise<Verb | null> {
  if (verb.type === 'declineOffer') return verb
  const reasonCodeId = await askWhy(desk, usageOf(verb, seen, desk.me.id, desk.viewer.workspace.rules.reasonsRequired), worth)
  if (reasonCodeId === undefined) return null
  return reasonCodeId ? ({ ...verb, reasonCodeId } as Verb) : verb
}
