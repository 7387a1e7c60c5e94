import type { Fault } from '../../client/index'

const PASSING = new Set(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'LIMIT_EXCEEDED', 'RATE_LIMITED'])

/** Whether nobody knows if a request arrived, or the same one may be taken in a moment. */
export const passing = ({ code }: Fault): boolean => PASSING.has(code)
