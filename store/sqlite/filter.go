package sqlite

import (
	"math"
	"strings"

	"switchboard/inbox/access"
)

// filterOf is what v demands of the columns of a conversation, for a walk in an order.
// It leaves out none that v holds: who walks looks at the conversations that are left.
func filterOf(v access.View, ord int) clause {
	var all []clause
	if len(v.Kinds) > 0 {
		all = append(all, clause{"c.kind IN (SELECT value FROM json_each(?))", []any{list(v.Kinds)}})
	}
	if len(v.Channels) > 0 {
		all = append(all, clause{"c.channel IN (SELECT value FROM json_each(?))", []any{list(v.Channels)}})
	}
	for _, prefix := range v.Search {
		all = append(all, clause{"instr(c.words, ?) > 0", []any{" " + prefix}})
	}
	for _, r := range rangesOf(v) {
		if r.ord != ord {
			all = append(all, within("c."+sortColumn(r.ord), r.from, r.until))
		}
	}
	if v.Closed.Bounded() {
		all = append(all, within("c.closed_at", milli(v.Closed.From, math.MinInt64), milli(v.Closed.Until, math.MaxInt64)))
	}
	text, args := conjunction(all)
	return clause{strings.TrimPrefix(text, " WHERE "), args}
}

func within(column string, from, until int64) clause {
	return clause{column + " >= ? AND " + column + " < ?", []any{from, until}}
}
