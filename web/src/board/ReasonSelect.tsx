import type { ReasonUsage } from '../../client/index'
import { useDesk } from './desk'
import { demands, reasonsFor } from './reasons'
import './reasons.css'

interface Props {
  /** The usages of those that can be picked; the first may be demanded. */
  usages: readonly [ReasonUsage, ...ReasonUsage[]]
  value: string
  onChange: (id: string) => void
}

/** Picks a reason in a form. Nothing where there is none to pick and none is demanded. */
export function ReasonSelect({ usages, value, onChange }: Props) {
  const desk = useDesk()
  const [reasons, demanded] = [reasonsFor(desk, ...usages), demands(desk, usages[0])]
  if (reasons.length === 0 && !demanded) return null
  return (
    <label className="reason-select">
      <span>{demanded ? 'Reason, which your workspace asks for' : 'Reason'}</span>
      <select required={demanded} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{reasons.length === 0 ? 'None to pick: ask who manages the workspace' : demanded ? 'Choose a reason' : 'No reason'}</option>
        {reasons.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
