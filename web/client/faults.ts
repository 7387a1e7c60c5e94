/** A fault of a request: an entry of `errors`, with the code that the server gave it. Expected refusals are data, not faults. */
export class Fault extends Error {
  constructor(
    message: string,
    /** `extensions.code`, such as NOT_FOUND; NETWORK when there was no answer. */
    readonly code: string,
  ) {
    super(message)
    this.name = 'Fault'
  }
}

interface GraphQLErrorLike {
  message: string
  extensions?: Record<string, unknown>
}

/** The first of a list of GraphQL errors. */
export function faultOf(errors: readonly GraphQLErrorLike[]): Fault {
  const [first] = errors
  return new Fault(first?.message ?? 'The server answered with an error.', String(first?.extensions?.['code'] ?? 'INTERNAL'))
}

const FORBIDDEN = 4403

/** What went wrong with a socket, or with one subscription on it. */
export function socketFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  if (Array.isArray(error)) return faultOf(error as GraphQLErrorLike[])
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number') {
    const reason = 'reason' in error && error.reason ? String(error.reason) : `The server closed the connection (${error.code}).`
    return new Fault(reason, error.code === FORBIDDEN ? 'UNAUTHENTICATED' : 'NETWORK')
  }
  return new Fault(error instanceof Error ? error.message : 'The connection failed.', 'NETWORK')
}
