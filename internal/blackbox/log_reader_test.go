package blackbox_test

import (
	"fmt"
	"slices"
	"strconv"

	"switchboard/inbox"
	"switchboard/internal/logcheck"
)

const logQuery = `subscription($from: LogPlace, $after: Cursor, $internal: Boolean) {
	root: eventLog(from: $from, after: $after, filter: {includeInternal: $internal}) {
		cursor sequence event { id version to { status assignee { id } } } message { id } } }`

// logReader is a subscriber of eventLog, from the beginning on, who comes back behind the
// last cursor or from the next sequence.
type logReader struct {
	*faultStream
	sees     func(inbox.Conversation) bool
	internal bool
	last     int64
	read     []logcheck.Delivery // guarded as what the stream got
}

// newLogReader makes a reader who is reached at one of the servers.
func newLogReader(name, token string, anyone func() string, bySequence bool, sees func(inbox.Conversation) bool) *logReader {
	r := &logReader{sees: sees, internal: !bySequence}
	r.faultStream = &faultStream{anyone: anyone, name: name, token: token, query: logQuery, variables: object{"internal": r.internal}, item: r.hears}
	r.resume = func(variables object) {
		if r.cursor == "" || bySequence {
			variables["from"] = object{"sequence": strconv.FormatInt(r.last+1, 10)}
			return
		}
		variables["after"] = r.cursor
	}
	return r
}

// hears writes down a record; it is no item of a stream that streamcheck knows.
func (r *logReader) hears(item object) string {
	var d logcheck.Delivery
	_, _ = fmt.Sscan(fmt.Sprint(item["sequence"]), &d.Sequence) // 0 is no number
	r.last = d.Sequence
	switch {
	case item["message"] != nil:
		d.ID = plainID(dig(item, "message", "id"))
	case item["event"] != nil:
		version, _ := dig(item, "event", "version").(float64)
		to := sideOf(dig(item, "event", "to"))
		d.ID = plainID(dig(item, "event", "id"))
		d.State = &logcheck.State{Owner: to.Owner, Status: to.Status, Version: int(version)}
	}
	r.read = append(r.read, d)
	return ""
}

// receiver is what the reader got so far, of the log that these events made.
func (r *logReader) receiver(events []inbox.Event) logcheck.Receiver {
	r.mu.Lock()
	defer r.mu.Unlock()
	sight := logcheck.Sight(events, r.sees)
	return logcheck.Receiver{
		Name: r.name, Order: logcheck.InAll, Once: true, Got: slices.Clone(r.read),
		Wants: func(one logcheck.Record) logcheck.Want {
			if one.Internal && !r.internal {
				return logcheck.Never
			}
			return sight(one)
		},
	}
}
