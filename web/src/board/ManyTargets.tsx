import { isolated } from '../design/text'
import { useDesk } from './desk'
import { useMatches } from './matches'

interface Props {
  /** A conversation whose possible owners are shown; null for teams alone. */
  example: string | null
  value: string
  onChange: (value: string) => void
}

/** Whom many conversations can be given to. The value is the field of the input, a colon and the id. */
export function ManyTargets({ example, value, onChange }: Props) {
  const { teams } = useDesk()
  return (
    <select aria-label="Whom" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">Whom?</option>
      <optgroup label="Teams">
        {teams.map(({ id, name }) => (
          <option key={id} value={`teamId:${id}`}>
            {name}
          </option>
        ))}
      </optgroup>
      {example && <People example={example} />}
    </select>
  )
}

function People({ example }: { example: string }) {
  const { connection, me } = useDesk()
  const { nodes } = useMatches(connection, example, '')
  return (
    <optgroup label="People">
      {nodes.map(({ candidate: { __typename, id, name } }) =>
        __typename === 'Member' ? (
          <option key={id} value={`memberId:${id}`}>
            {id === me.id ? `${isolated(name)} (you)` : isolated(name)}
          </option>
        ) : null,
      )}
    </optgroup>
  )
}
