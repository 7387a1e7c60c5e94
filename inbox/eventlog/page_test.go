package eventlog_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// long is a log of messages that nobody removed, which counts what is read of it.
type long struct {
	eventlog.Store
	records, read int
}

func (l *long) LogEnds(context.Context, workspace.WorkspaceID) ([]eventlog.Entry, error) {
	return []eventlog.Entry{{Sequence: 1}, {Sequence: eventlog.Sequence(l.records)}}, nil
}

func (l *long) LogEntries(_ context.Context, ws workspace.WorkspaceID, from eventlog.Sequence, backward bool, limit int) (out []eventlog.Entry, _ error) {
	first, last := int(from)+1, min(int(from)+limit, l.records)
	if backward {
		first, last = max(1, int(from)-limit), int(from)-1
	}
	for n := first; n <= last; n++ {
		id := fmt.Sprint(n)
		out = append(out, eventlog.Entry{Workspace: ws, Sequence: eventlog.Sequence(n), Kind: eventlog.Message, ID: id, Event: inbox.EventID(id), Conversation: "c"})
	}
	l.read += len(out)
	return out, nil
}

func (l *long) Events(_ context.Context, _ workspace.WorkspaceID, ids []inbox.EventID) (map[inbox.EventID]inbox.Event, error) {
	out := map[inbox.EventID]inbox.Event{}
	for _, id := range ids {
		out[id] = inbox.Event{ID: id, Type: inbox.MessageEvent, Messages: []inbox.Message{{ID: inbox.MessageID(id)}}}
	}
	return out, nil
}

func (l *long) Conversations(context.Context, workspace.WorkspaceID, []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	return map[inbox.ConversationID]inbox.Conversation{"c": {ID: "c", Kind: workspace.Livechat}}, nil
}

// A log that grows while a page of it is read ends with nothing before the page does.
func TestAPageOfALogThatGrows(t *testing.T) {
	grown := &grows{long{records: 5}}
	a := world.NewWorld(t).Access(t, world.AsMember(world.Owner))
	page, err := eventlog.New(grown, time.Now).Page(t.Context(), a, eventlog.Filter{}, 0, false, 20)
	require.NoError(t, err)
	require.Len(t, page.Items, 8)
	require.Equal(t, eventlog.Bounds{Oldest: 1, Newest: 8}, page.Bounds)
	require.False(t, page.HasNext)
}

// grows is a log that grows by three as soon as its ends were read.
type grows struct{ long }

func (g *grows) LogEnds(ctx context.Context, ws workspace.WorkspaceID) ([]eventlog.Entry, error) {
	defer func() { g.records += 3 }()
	return g.long.LogEnds(ctx, ws)
}

// Whatever a page asks for, in either direction, it reads no more of the log than it costs,
// and says where the next goes on: walked to its end, a filter that finds nothing passes all.
func TestAPageReadsNoMoreThanItCosts(t *testing.T) {
	l := &long{records: 3*eventlog.MaxScanned + 7}
	s, a := eventlog.New(l, time.Now), world.NewWorld(t).Access(t, world.AsMember(world.Owner))
	nothing := eventlog.Filter{Kinds: []eventlog.Kind{eventlog.Contact}}
	for _, backward := range []bool{false, true} {
		at, pages := eventlog.Sequence(0), 0
		if backward {
			at = eventlog.Sequence(l.records) + 1
		}
		for more := true; more; pages++ {
			l.read = 0
			page, err := s.Page(t.Context(), a, nothing, at, backward, 1)
			require.NoError(t, err)
			require.Empty(t, page.Items)
			require.LessOrEqual(t, l.read, eventlog.MaxScanned)
			at, more = page.Last.Sequence, page.HasNext
			if backward {
				at, more = page.First.Sequence, page.HasPrev
			}
		}
		require.Equal(t, 4, pages)
	}
}
