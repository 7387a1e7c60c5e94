import type { Entry as EntryOf, List as ListOf, RowFragment } from '../../client/index'

export { NEWEST, type Order, shown } from '../../client/index'

// The lists of the board show the rows of the client's own documents.
export type Row = RowFragment
export type Entry = EntryOf<Row>
export type List = ListOf<Row>

/** How the board shows a list: 50 rows at first and as many more when fewer than 20 are left, what comes quickly together, and what left for a moment. */
export const SHOWN = { first: 50, few: 20, gather: 100, farewell: 1600 }
