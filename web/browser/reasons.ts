import { as, type Caller } from './api'

export type Usage = 'DECLINE' | 'TRANSFER' | 'TAKEOVER' | 'CLOSE' | 'AWAY'

export interface Code {
  id: string
  name: string
}

const PAYLOAD = 'reasonCode { id } userErrors { code message }'

/** Makes a reason of a usage. */
export async function reason(by: Caller, usage: Usage, name: string): Promise<Code> {
  const { createReasonCode } = await by.ask(`mutation($input: CreateReasonCodeInput!) { createReasonCode(input: $input) { ${PAYLOAD} } }`, { input: { usage, name } })
  return { id: createReasonCode.reasonCode.id, name }
}

/** Sets rules of the workspace. */
export const setRules = (by: Caller, input: object) =>
  by.ask(`mutation($input: UpdateWorkspaceRulesInput!) { updateWorkspaceRules(input: $input) { userErrors { code message } } }`, { input })

/** Sets what the workspace demands a reason for. */
export const demand = (by: Caller, reasonsRequired: Usage[]) => setRules(by, { reasonsRequired })

/** Leaves the workspace as the demo has it: nothing is demanded, and no reason can be picked. */
export async function noReasons(): Promise<void> {
  const by = await as('demo owner@demo.test')
  await demand(by, [])
  const { reasonCodes } = await by.ask('{ reasonCodes { id } }')
  for (const { id } of reasonCodes) await by.ask(`mutation($input: UpdateReasonCodeInput!) { updateReasonCode(input: $input) { ${PAYLOAD} } }`, { input: { id, archived: true } })
}
