package sqlite

import (
	"cmp"
	"database/sql"
	"math"
	"reflect"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// span is a stretch of an order, in milliseconds: from on and before until.
type span struct {
	ord         int
	from, until int64
}

// rangesOf are the stretches of orders that conversations of the view are within.
func rangesOf(v access.View) []span {
	var out []span
	for field, s := range map[access.OrderField]access.Span{access.ByCreated: v.Created, access.ByLastActivity: v.Active} {
		if s.Bounded() {
			out = append(out, span{orderOf(field), milli(s.From, math.MinInt64), milli(s.Until, math.MaxInt64)})
		}
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.ord, b.ord) }) // one statement for one view
	if v.Awaiting != nil {
		none := inbox.NotAwaiting().UnixMilli()
		s := span{orderOf(access.ByAwaitingReply), none, math.MaxInt64}
		if *v.Awaiting {
			s.from, s.until = math.MinInt64, none
		}
		out = append(out, s)
	}
	return out
}

// milli rounds up, so that a bound between two milliseconds leaves out the earlier.
func milli(t time.Time, none int64) int64 {
	if t.IsZero() {
		return none
	}
	return t.Add(time.Millisecond - time.Nanosecond).UnixMilli()
}

// within returns the conversations of w within the span of another order than that of
// the walk; ok is false if there is no such span, or they are many.
func (s *Store) within(w walk, q access.ConversationQuery) (numbers []int64, ok bool, err error) {
	if numbers, ok, err = s.closedWithin(w, q); ok || err != nil {
		return numbers, ok, err
	}
	few := s.config.limits.few
	for _, r := range rangesOf(q.View) {
		if r.ord == w.ord {
			continue
		}
		part := w.above(place{at: r.from}, false).below(place{at: r.until}, false)
		part.ord = r.ord
		if n, err := part.size(few + 1); err != nil || n <= few {
			if err != nil {
				return nil, false, err
			}
			places, err := merge(part).next(few)
			return numbersOf(places), true, err
		}
	}
	return nil, false, nil
}

// closedWithin returns the conversations that were closed within the span of the view;
// ok is false if it has none, or they are many.
func (s *Store) closedWithin(w walk, q access.ConversationQuery) (numbers []int64, ok bool, err error) {
	if !q.View.Closed.Bounded() {
		return nil, false, nil
	}
	few := s.config.limits.few
	from, until := milli(q.View.Closed.From, math.MinInt64), milli(q.View.Closed.Until, math.MaxInt64)
	rows, err := w.tx.Query("SELECT n FROM conversations WHERE workspace = ? AND closed_at >= ? AND closed_at < ? LIMIT ?",
		string(q.Workspace), from, until, few+1)
	numbers, err = collect(rows, err, func(r *sql.Rows) (n int64, err error) { return n, r.Scan(&n) })
	return numbers, len(numbers) <= few, err
}

// seesAll reports whether r leaves out nothing.
func seesAll(r access.VisibilityFilter) bool {
	return !slices.ContainsFunc(workspace.Kinds(), func(k workspace.Kind) bool { return r.Scopes[k] != workspace.ScopeAll })
}

// isEmpty reports whether v filters nothing.
func isEmpty(v access.View) bool {
	fields := reflect.ValueOf(v)
	for i := range fields.NumField() {
		f := fields.Field(i)
		if f.Kind() == reflect.Slice && f.Len() == 0 {
			continue
		}
		if !f.IsZero() {
			return false
		}
	}
	return true
}
