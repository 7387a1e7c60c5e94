package blackbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/logcheck"
)

// place is where one event stands, wherever it is read.
type place struct {
	sequence string
	version  int
}

// The same event has the same id, the same number and the same version in the history, in
// the stream assignmentEvents, in eventLog and at an endpoint. Row 9. B:V12
func TestAnEventIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	for engine, open := range logDesks(2) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			d := newLogDesk(t, open, &logHook{name: "crm", order: logcheck.InLanes, records: []logcheck.Kind{logcheck.Ownership}})
			cursor := str(t, d.boss(0).do(`{ conversations(first: 1) { liveCursor } }`, nil).Data, "conversations.liveCursor")
			ids := d.everyVerb()
			d.settled()
			logged, history := d.logged(), map[string]place{}
			for _, id := range ids {
				rows := d.boss(0).do(`query($id: ID!) { conversation(id: $id) { history(first: 100) { nodes { id sequence version } } } }`, object{"id": id})
				placesIn(t, rows.at("conversation.history.nodes"), history)
			}
			require.Greater(t, len(history), 4*len(ids))
			require.Equal(t, history, logged, "in eventLog")
			require.Equal(t, history, d.watch.hooks[0].places(), "at the endpoint")
			require.Equal(t, history, d.streamed(cursor, len(history)), "in assignmentEvents")
		})
	}
}

// everyVerb lets a few conversations go through what people do to them.
func (d *logDesk) everyVerb() (ids []string) {
	d.t.Helper()
	members := []string{globalID("Member", "log-a"), globalID("Member", "log-b")}
	for n := range 3 {
		id, _ := d.visit(n)
		owner := d.owned(n, id)
		to := members[(slices.Index(members, owner)+1)%2]
		d.member(n, owner).must("transferConversation", object{"conversationId": id, "to": object{"memberId": to}, "note": "Knows the customer."})
		c := d.boss(n)
		c.must("takeOverConversation", object{"conversationId": id, "message": "I take care of this."})
		c.must("setConversationStatus", object{"conversationId": id, "status": "CLOSED"})
		c.must("setConversationStatus", object{"conversationId": id, "status": "OPEN"})
		ids = append(ids, id)
	}
	return ids
}

func placesIn(t *testing.T, rows any, into map[string]place) {
	t.Helper()
	list, _ := rows.([]any)
	for _, row := range list {
		into[str(t, row, "id")] = place{str(t, row, "sequence"), number(t, row, "version")}
	}
}

// logged is where eventLog has the changes.
func (d *logDesk) logged() map[string]place {
	d.t.Helper()
	out, after := map[string]place{}, any(nil)
	for {
		page := d.boss(0).do(`query($after: Cursor) { eventLog(filter: {records: [OWNERSHIP]}, after: $after, first: 100) {
			nodes { sequence event { id sequence version } } pageInfo { hasNextPage endCursor } } }`, object{"after": after})
		for _, row := range page.at("eventLog.nodes").([]any) {
			require.Equal(d.t, str(d.t, row, "sequence"), str(d.t, row, "event.sequence"))
			placesIn(d.t, []any{at(d.t, row, "event")}, out)
		}
		if page.at("eventLog.pageInfo.hasNextPage") == false {
			return out
		}
		after = page.at("eventLog.pageInfo.endCursor")
	}
}

// places is where the changes stand that came to the hook.
func (h *logHook) places() map[string]place {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string]place{}
	for _, d := range h.got {
		out[globalID("AssignmentEvent", d.ID)] = place{fmt.Sprint(d.Sequence), d.State.Version}
	}
	return out
}

// streamed is where assignmentEvents has the changes behind a cursor, of which there are so
// many. All of them have their numbers by now.
func (d *logDesk) streamed(cursor string, many int) map[string]place {
	d.t.Helper()
	s := d.boss(1).connect().subscribe(`subscription($after: Cursor) { assignmentEvents(after: $after) { cursor gap node { id sequence version } } }`, object{"after": cursor})
	out := map[string]place{}
	eventually(d.t, "the stream has everything", func() bool {
		for _, item := range s.items() {
			require.NotEqual(d.t, true, item["gap"])
			if item["node"] != nil {
				placesIn(d.t, []any{item["node"]}, out)
			}
		}
		return len(out) >= many
	})
	return out
}

// Once an endpoint is disabled because its key was revoked, nothing more is sent to it, by
// whichever server; other endpoints are sent what comes. No attempt was begun later than
// promised after the key was revoked. Row 7. B:V12, B:Z4
func TestNothingIsSentForARevokedKey(t *testing.T) {
	t.Parallel()
	for engine, open := range logDesks(2) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			changes := []logcheck.Kind{logcheck.Ownership}
			stays := &logHook{name: "stays", order: logcheck.InLanes, records: changes}
			ends := &logHook{name: "ends", order: logcheck.InLanes, records: changes, key: "ends"}
			d := newLogDesk(t, open, stays, ends)
			d.everyVerb()
			d.settled()
			before := ends.receiver(nil).Got
			revoked := time.Now()
			d.boss(0).do(`mutation($id: ID!) { revokeApiKey(input: {id: $id}) { userErrors { code } } }`, object{"id": globalID("ApiKey", string(ends.key))})
			d.everyVerb() // some of it may be sent before the server that sends has heard
			eventually(t, "the endpoint is disabled", func() bool {
				return slices.Contains(column(t, d.boss(1).do(`{ webhooks { nodes { state } } }`, nil).at("webhooks.nodes"), "state"), "DISABLED")
			})
			until := len(ends.receiver(nil).Got)
			d.everyVerb()
			events := d.read().Events
			eventually(t, "the other endpoint is sent everything", func() bool {
				return len(logcheck.Of(events).Check(stays.receiver(events))) == 0
			})
			got := ends.receiver(nil).Got
			require.Len(t, got, until, "nothing came since it is disabled")
			require.GreaterOrEqual(t, until, len(before))
			require.LessOrEqual(t, ends.latest().Sub(revoked), promised(2*time.Second))
		})
	}
}
