package access_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/internal/world"
)

// pageOf is the first n of what the view holds, newest activity first, and
// whether there is more.
func pageOf(all map[inbox.ConversationID]inbox.Conversation, v access.View, r access.VisibilityFilter, n int) (page []inbox.Conversation, more bool) {
	for _, c := range all {
		if v.Holds(r, c, world.Words) {
			page = append(page, c)
		}
	}
	slices.SortFunc(page, newestFirst)
	return slices.Clone(page[:min(n, len(page))]), len(page) > n
}

func newestFirst(a, b inbox.Conversation) int {
	return -cmp.Or(a.LastActivityAt.Compare(b.LastActivityAt), cmp.Compare(a.ID, b.ID))
}

// inboxPage is what a client holds that keeps to docs/clients.md.
type inboxPage struct {
	held []inbox.Conversation
	more bool
}

func (p *inboxPage) apply(change access.ViewChange, c inbox.Conversation) {
	var last *inbox.Conversation
	if n := len(p.held); n > 0 {
		last = &p.held[n-1]
		end := *last
		last = &end
	}
	p.held = slices.DeleteFunc(p.held, func(h inbox.Conversation) bool { return h.ID == c.ID })
	if change == access.ViewLeft {
		return
	}
	if p.more && (last == nil || newestFirst(c, *last) > 0) {
		return
	}
	p.held = append(p.held, c)
	slices.SortFunc(p.held, newestFirst)
}

// A page to which every change was applied is what a fetch of as many gives,
// after each event: whatever the view, whoever looks, whatever happens. B:V4
func TestAppliedChangesAreAFetch(t *testing.T) {
	w := world.NewWorld(t)
	busy := 0
	rapid.Check(t, func(t *rapid.T) {
		v, r := someView(t), someReach(t, w)
		now := map[inbox.ConversationID]inbox.Conversation{}
		at := world.Start()
		step := func() (e inbox.Event) {
			e = someEvent(t)
			id := rapid.SampledFrom([]inbox.ConversationID{"a", "b", "c", "d", "e", "f", "g"}).Draw(t, "which")
			before, existed := now[id]
			after := *e.After
			after.ID, e.Conversation, e.Kind = id, id, inbox.EventAssigned
			if existed {
				after.Kind, after.OriginAgent, after.CreatedAt, e.From = before.Kind, before.OriginAgent, before.CreatedAt, before.Ownership
				e.Was = &inbox.Past{
					FormerAssignee: before.FormerAssignee, LastActivityAt: before.LastActivityAt,
					ClosedAt: before.ClosedAt, AwaitingReplySince: before.AwaitingReplySince,
				}
			} else {
				e.Kind = inbox.EventCreated
			}
			if e.Type == inbox.MessageEvent && existed {
				after.Ownership = before.Ownership
			}
			at = at.Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "seconds")) * time.Second)
			after.LastActivityAt, after.Version = at, before.Version+1
			e.To, e.After = after.Ownership, &after
			now[id] = after
			return e
		}
		for range rapid.IntRange(0, 8).Draw(t, "before the fetch") {
			step()
		}
		var p inboxPage
		p.held, p.more = pageOf(now, v, r, rapid.IntRange(1, 8).Draw(t, "first"))
		for range rapid.IntRange(1, 20).Draw(t, "after it") {
			e := step()
			change, _ := v.Change(r, e, world.Words)
			if change == "" {
				continue
			}
			p.apply(change, *e.After)
			want, more := pageOf(now, v, r, len(p.held))
			if !slices.EqualFunc(want, p.held, func(a, b inbox.Conversation) bool { return a.ID == b.ID && a.Version == b.Version }) || more && !p.more {
				t.Fatalf("%s of %s: held %v, a fetch gives %v", change, e.Conversation, p.held, want)
			}
			if len(p.held) > 1 {
				busy++
			}
		}
	})
	require.Positive(t, busy, "no list had several rows: the test tests nothing")
}
