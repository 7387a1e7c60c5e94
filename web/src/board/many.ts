import { ActOnConversationsDocument, type ActOnConversationsMutation, type BulkInput, type BulkRowFragment, type Connection, type ReasonUsage } from '../../client/index'
import { isolated } from '../design/text'

/** What a call answers. */
export type Answer = ActOnConversationsMutation['actOnConversations']
export type Result = BulkRowFragment

/** What can be done to many at once. */
export type Many = { type: 'assign' | 'transfer'; to: { memberId: string } | { teamId: string } } | { type: 'close' | 'unassign' }

export type Selection = BulkInput['selection']

/** How many one call takes. */
export const MOST = 500

/** The verb as the server takes it: exactly one. */
export function verbOf(many: Many): BulkInput['verb'] {
  switch (many.type) {
    case 'assign':
      return { assign: many.to }
    case 'transfer':
      return { transfer: many.to }
    case 'close':
      return { close: true }
    case 'unassign':
      return { unassign: true }
  }
}

/** What a call does: to which conversations, what, and why. */
export interface Call {
  selection: Selection
  many: Many
  reasonCodeId: string | null
}

/** Says what would happen, and changes nothing. */
export const foresee = (connection: Connection, call: Call): Promise<Answer> => ask(connection, { ...inputOf(call), dryRun: true })

/** Does it. The same call with the same key again finishes what one that was cut had begun. */
export const act = (connection: Connection, call: Call, key: string): Promise<Answer> => ask(connection, { ...inputOf(call), idempotencyKey: key })

const inputOf = ({ selection, many, reasonCodeId }: Call) => ({ selection, verb: verbOf(many), reasonCodeId })

const ask = async (connection: Connection, input: BulkInput) => (await connection.execute(ActOnConversationsDocument, { input })).actOnConversations

/**
 * The usages of the reasons that a verb takes, by the value of its target, in a workspace that demands some; the first is that of all its
 * conversations. Unassigning takes one for the caller's own and those of others where either is demanded.
 */
export function usagesOf(type: Many['type'], target: string, myId: string, demanded: readonly ReasonUsage[]): [ReasonUsage, ...ReasonUsage[]] {
  if (type === 'close') return ['CLOSE']
  if (type === 'assign' && target === `memberId:${myId}`) return ['TAKEOVER']
  const either = type === 'unassign' && (demanded.includes('TRANSFER') || demanded.includes('TAKEOVER'))
  return either ? ['TRANSFER', 'TAKEOVER'] : ['TRANSFER']
}

/** A verb with its target, which is written as the field of the input, a colon and the id; null while one is missing. */
export function manyOf(type: Many['type'], target: string): Many | null {
  if (type === 'close' || type === 'unassign') return { type }
  const [kind, id] = target.split(/:(.*)/s)
  if (!id) return null
  return { type, to: kind === 'teamId' ? { teamId: id } : { memberId: id } }
}

/** Which conversations are selected, whatever their versions are. */
export const namesIn = ({ ids, view }: Selection): unknown => ids?.map(({ conversationId }) => conversationId) ?? view

const CHANGED = new Set<Result['outcome']>(['DONE', 'QUEUED', 'OFFERED'])

/** The results of what is not changed. */
export const left = ({ results }: Answer): Result[] => results.filter(({ outcome }) => !CHANGED.has(outcome))

/** Whom how many go to, and how many are refused, as one line each. */
export function summary({ results, more }: Answer, type: Many['type']): string[] {
  const lines = new Map<string, number>()
  for (const result of results) {
    const line = lineOf(result, type)
    lines.set(line, (lines.get(line) ?? 0) + 1)
  }
  return [...[...lines].map(([line, count]) => `${count} ${line}`), ...(more ? [`More than ${results.length}: the rest stays`] : [])]
}

/** How one of them ended, or would end, with what the server adds. */
export const lineOf = (result: Result, type: Many['type']): string => [endOf(result, type), ...result.warnings.map(({ message }) => message)].join('. ')

function endOf({ outcome, to, error, warnings }: Result, type: Many['type']): string {
  switch (outcome) {
    case 'DONE':
      return to?.assignee && (type === 'assign' || type === 'transfer') ? `to ${isolated(to.assignee.name)}` : 'done'
    case 'OFFERED':
      return `offered to ${isolated(to?.assignee?.name ?? to?.team?.name ?? 'them')}`
    case 'QUEUED':
      return `to the queue of ${isolated(to?.team?.name ?? 'everybody')}`
    case 'UNCHANGED':
      return error || warnings.length === 0 ? 'as it is already' : 'not changed'
    case 'NOT_TRIED':
      return 'not tried'
    default:
      return `refused: ${error?.message ?? ''}`
  }
}

/** The chosen rows with another one chosen, or no longer; with a range, all from the last one to it. */
export function choose(chosen: ReadonlySet<string>, order: readonly string[], last: string | null, id: string, range: boolean): Set<string> {
  const next = new Set(chosen)
  const [from, to] = [last === null ? -1 : order.indexOf(last), order.indexOf(id)]
  if (range && from >= 0 && to >= 0) for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one)
  else if (!next.delete(id)) next.add(id)
  return new Set([...next].slice(0, MOST))
}
