import { ConnectionBar as Bar } from '../design/ConnectionBar'
import { useDesk } from './desk'

/** How the desk's connection is. */
export function ConnectionBar({ onSignOut }: { onSignOut: (why: string) => void }) {
  return <Bar state={useDesk().connection.state} onRefused={onSignOut} />
}
