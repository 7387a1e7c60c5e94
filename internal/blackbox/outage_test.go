package blackbox_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// A MongoDB that goes away and comes back, by a crash and by silence. Requests
// meanwhile are told so, nothing that was acknowledged is lost, and the server
// recovers by itself.
func TestTheDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	mongo := testdb.Start(t, testdb.Options{})
	s := demo(t, "--mongodb-uri", mongo.URI())
	t.Run("crash", func(t *testing.T) {
		outage(t, s, mongo.Kill, func() {
			// Nobody can say who asks: clients are told to come back.
			code, _ := s.as(t, "demo owner@demo.test").dial().closed()
			require.Equal(t, websocket.StatusTryAgainLater, code)
			mongo.Restart()
		})
	})
	t.Run("silence", func(t *testing.T) { outage(t, s, mongo.Freeze, mongo.Thaw) })
	require.True(t, s.running())
}

func outage(t *testing.T, s *server, away, back func()) {
	d := s.desk(t, "demo")
	id, _ := d.chat()
	d.agent1.must("claimConversation", object{"conversationId": id})
	dashboard := d.observer.followEvents(d)
	updates := d.agent2.followUpdates(id, d.owner)
	journal := d.pass(t, id)
	journal.until(t, 5)

	away()
	requireUnavailable(t, d, id)
	back()
	more := journal.until(t, journal.count()+5)
	journal.stop()
	require.Subset(t, []string{"UNAVAILABLE"}, journal.failures())

	told := eventIDs(t, d.observer.history(id))
	for _, event := range journal.acknowledged() {
		require.Contains(t, told, event, "an acknowledged change was lost")
	}
	versions := d.observer.history(id)
	for i, event := range versions {
		require.Equal(t, number(t, versions[0], "version")-i, number(t, event, "version"), "a change without its event")
	}
	requireTold(t, dashboard, id, more, journal.acknowledged())
	requireGoesOn(t, updates, d, id)
	d.observer.followEvents(d) // who begins again is served
}

// requireUnavailable demands that reading and writing are answered while the
// database is away, with UNAVAILABLE.
func requireUnavailable(t *testing.T, d *desk, id string) {
	t.Helper()
	asked := map[string]struct {
		query     string
		variables object
	}{
		"read":  {contactView, object{"id": id}},
		"list":  {`{ conversations(first: 1) { nodes { id } } }`, nil},
		"write": {mutation("setConversationStatus"), object{"input": object{"conversationId": id, "status": "UNSET"}}},
	}
	type outcome struct {
		name   string
		answer answer
		err    error
	}
	outcomes := make(chan outcome, len(asked))
	for name, ask := range asked {
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			a, err := d.owner.try(ctx, ask.query, ask.variables)
			outcomes <- outcome{name, a, err}
		}()
	}
	for range asked {
		o := <-outcomes
		require.NoError(t, o.err, o.name)
		require.Equal(t, "UNAVAILABLE", o.answer.code(), "%s: %s", o.name, o.answer.text)
		require.NotContains(t, o.answer.text, "127.0.0.1", "an address is nothing for clients")
	}
}

// journal is what one client had acknowledged.
type journal struct {
	acks  chan string
	done  []string
	codes map[string]bool // of the answers that were errors; of the goroutine
	end   context.CancelFunc
	over  chan struct{}
}

// pass lets agent1 and agent2 hand a conversation to and fro until stop, whatever
// the server answers. A step whose answer is lost is repeated with its key.
func (d *desk) pass(t *testing.T, id string) *journal {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	j := &journal{acks: make(chan string, 1000), codes: map[string]bool{}, end: end, over: make(chan struct{})}
	t.Cleanup(j.stop)
	pair := []*client{d.agent1, d.agent2}
	ids := []string{d.agent1.me(), d.agent2.me()}
	go func() {
		defer close(j.over)
		for step := 0; ctx.Err() == nil; {
			input := object{"conversationId": id, "to": object{"memberId": ids[1-step%2]}, "idempotencyKey": fmt.Sprint(id, step)}
			a, err := pair[step%2].try(ctx, mutation("transferConversation"), object{"input": input})
			if err != nil || len(a.Errors) > 0 {
				j.failed(ctx, a, err)
				continue // it asks again until the database is back
			}
			payload, _ := a.Data["payload"].(object)
			if refusal := refused(payload); refusal != nil {
				j.codes[fmt.Sprint(refusal)] = true
				return
			}
			event, _ := payload["event"].(object)
			name, _ := event["id"].(string)
			select {
			case j.acks <- name:
			case <-ctx.Done():
			}
			step++
		}
	}()
	return j
}

func (j *journal) failed(ctx context.Context, a answer, err error) {
	switch {
	case ctx.Err() != nil: // it was stopped
	case err != nil:
		j.codes[err.Error()] = true
	default:
		j.codes[a.code()] = true
	}
}

// failures lists the codes of errors, once stopped.
func (j *journal) failures() []string { return slices.Sorted(maps.Keys(j.codes)) }

// until waits until n changes are acknowledged, and gives the last.
func (j *journal) until(t *testing.T, n int) string {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for len(j.done) < n {
		select {
		case ack := <-j.acks:
			j.done = append(j.done, ack)
		case <-timer.C:
			require.FailNow(t, "changes are no longer acknowledged", "%d of %d", len(j.done), n)
		}
	}
	return j.done[len(j.done)-1]
}

// count tells how many changes are acknowledged by now.
func (j *journal) count() int { return len(j.done) + len(j.acks) }

// stop ends the changes. What was acknowledged stays to be looked at.
func (j *journal) stop() {
	j.end()
	<-j.over
}

// acknowledged lists all of it, once stopped.
func (j *journal) acknowledged() []string {
	for len(j.acks) > 0 {
		j.done = append(j.done, <-j.acks)
	}
	return j.done
}

func eventIDs(t *testing.T, history []any) []string {
	t.Helper()
	return column(t, history, "id")
}

// requireTold demands that a stream which was open before the outage either told
// every acknowledged change once and in order, or said that it could not.
func requireTold(t *testing.T, s *stream, id, last string, acknowledged []string) {
	t.Helper()
	gap := func() bool {
		for _, item := range s.items() {
			if item["gap"] == true {
				return true
			}
		}
		return s.over()
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("acknowledged: %q\ntold: %q", acknowledged, s.eventIDs(id))
		}
	})
	eventually(t, "the stream tells of "+last, func() bool {
		told := s.eventIDs(id)
		return gap() || len(told) > 0 && containsAll(told, acknowledged)
	})
	told := s.eventIDs(id)
	seen := map[string]bool{}
	for _, event := range told {
		require.False(t, seen[event], "told twice")
		seen[event] = true
	}
	if gap() {
		t.Logf("the stream told of a gap, or ended: %s", s.last())
		return
	}
	require.Equal(t, acknowledged, only(told, acknowledged), "out of order")
}

func containsAll(have, wanted []string) bool {
	return len(only(have, wanted)) == len(wanted)
}

// only keeps of have what is wanted.
func only(have, wanted []string) []string {
	want := map[string]bool{}
	for _, w := range wanted {
		want[w] = true
	}
	out := []string{}
	for _, h := range have {
		if want[h] {
			out = append(out, h)
		}
	}
	return out
}

// requireGoesOn demands that a stream tells what happens now, or has ended, so
// that its client knows to begin again.
func requireGoesOn(t *testing.T, s *stream, d *desk, id string) {
	t.Helper()
	done := d.owner.must("takeOverConversation", object{"conversationId": id})
	event := str(t, done, "event.id")
	eventually(t, "the stream goes on", func() bool {
		for _, item := range s.items() {
			if item["event"] != nil && str(t, item, "event.id") == event {
				return true
			}
		}
		return s.over()
	})
}
