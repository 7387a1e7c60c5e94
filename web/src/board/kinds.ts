import type { OpenedFragment, RefusalFragment } from '../../client/index'

export type { Happened } from './thread'
export type ActionVerdictLike = OpenedFragment['viewerCan'][number]
export type Action = ActionVerdictLike['action']
export type Refusal = RefusalFragment

/** What the server says about one action. */
export function verdictOf(conversation: Pick<OpenedFragment, 'viewerCan'>, action: Action): ActionVerdictLike | undefined {
  return conversation.viewerCan.find((verdict) => verdict.action === action)
}

export const allowed = (conversation: Pick<OpenedFragment, 'viewerCan'>, action: Action) =>
  verdictOf(conversation, action)?.allowed ?? false
