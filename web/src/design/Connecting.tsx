import type { Fault } from '../../client/index'
import { Button } from './Button'

// What makes the sign-in page the only way on.
const OUT = new Set(['UNAUTHENTICATED', 'NOT_A_MEMBER', 'WORKSPACE_SUSPENDED'])

/** Whether nothing is left to try for who is signed in. */
export const endsSession = (fault: Fault): boolean => OUT.has(fault.code)

interface Props {
  /** Names the page once something is wrong. */
  title?: string
  fault: Fault | null
  onSignOut: (why: string | null) => void
}

/** What a page shows until it is connected, and what is wrong meanwhile. */
export function Connecting({ title, fault, onSignOut }: Props) {
  return (
    <main className="full-page">
      {fault && title && <h1>{title}</h1>}
      <p role="status" className="quiet">
        {fault ? `${fault.message} Trying again…` : 'Signing in…'}
      </p>
      {fault && (
        <Button look="bare" onClick={() => onSignOut(null)}>
          Sign in as somebody else
        </Button>
      )}
    </main>
  )
}
