import type { FormattedExecutionResult } from 'graphql-ws'
import { Fault } from './faults.js'
import { sendWith, type TokenSource } from './tokens.js'

/** An operation as it is sent. */
export interface Payload {
  query: string
  variables: Record<string, unknown>
}

/** What the server answers to an operation. */
export type Answer = FormattedExecutionResult

/** Sends a query or a mutation by HTTP. Rejects with a Fault if there is no answer of GraphQL: NETWORK if the server is away. */
export async function request(url: string, token: TokenSource, payload: Payload): Promise<Answer> {
  const body = JSON.stringify(payload)
  try {
    const response = await sendWith(token, (bearer) => fetch(url, { method: 'POST', body, headers: { ...TYPES, authorization: `Bearer ${bearer}` } }))
    return (await response.json()) as Answer
  } catch (error) {
    throw error instanceof Fault ? error : new Fault('The server could not be reached.', 'NETWORK')
  }
}

const TYPES = { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' }
