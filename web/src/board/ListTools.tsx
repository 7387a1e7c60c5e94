import type { Order } from './list'
import { type Choice, type KindFilter, orderKey, ORDERS, OWN } from './views'

interface Props {
  choice: Choice
  onChoice: (choice: Choice) => void
  order: Order
  onOrder: (order: Order) => void
  /** What the view is sorted by itself. */
  own: Order
}

const KINDS: [KindFilter, string][] = [
  ['ALL', 'All'],
  ['LIVECHAT', 'Chats'],
  ['TICKET', 'Tickets'],
]

/** How a list is narrowed and sorted. */
export function ListTools({ choice, onChoice, order, onOrder, own }: Props) {
  const { kind, awaiting, starred } = choice
  return (
    <div className="list-tools">
      <fieldset className="kinds">
        <legend className="sr-only">Kind</legend>
        {KINDS.map(([value, label]) => (
          <label key={value}>
            <input type="radio" name="kind" checked={kind === value} onChange={() => onChoice({ ...choice, kind: value })} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <fieldset className="kinds narrow">
        <legend className="sr-only">Only</legend>
        <label>
          <input type="checkbox" checked={awaiting} onChange={() => onChoice({ ...choice, awaiting: !awaiting })} />
          <span>Unanswered</span>
        </label>
        <label>
          <input type="checkbox" checked={starred} onChange={() => onChoice({ ...choice, starred: !starred })} />
          <span>Starred</span>
        </label>
      </fieldset>
      <select aria-label="Sort" value={orderKey(order)} onChange={(event) => onOrder(ORDERS.find(({ key }) => key === event.target.value)?.order ?? own)}>
        {orderKey(own) === OWN && <option value={OWN}>As saved</option>}
        {ORDERS.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}
