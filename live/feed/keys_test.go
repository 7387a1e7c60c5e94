package feed_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// of is an event of a conversation of a team.
func of(team workspace.TeamID, n int) port.FeedItem {
	item := news("a", n)
	after := inbox.Conversation{ID: "c", Kind: workspace.Ticket, Ownership: inbox.Ownership{Team: team, Assignee: "m"}}
	item.Event.Type, item.Event.Kind, item.Event.Directory = inbox.OwnershipEvent, inbox.EventCreated, nil
	item.Event.To, item.Event.After = after.Ownership, &after
	return item
}

// A subscription with keys hears of what has one of them, once, whoever joins
// and leaves beside it, and of all that is not of a conversation. B:V4
func TestKeysAreWhatIsHeard(t *testing.T) {
	type listener struct {
		*feed.Subscription
		keys  map[access.Facet]bool
		leave func()
		want  []string
	}
	keys := []access.Facet{"team:red", "team:blue", "member:m", "team:green"}
	rapid.Check(t, func(rt *rapid.T) {
		h := feed.NewHub(feed.WithBuffer(200))
		defer h.Close()
		var all []*listener
		n := 0
		someKeys := func() []access.Facet { return rapid.SliceOfN(rapid.SampledFrom(keys), 0, 3).Draw(rt, "keys") }
		set := func(l *listener, wanted []access.Facet) {
			l.keys = map[access.Facet]bool{}
			for _, k := range wanted {
				l.keys[k] = true
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"join": func(*rapid.T) {
				wanted := someKeys()
				ctx, leave := context.WithCancel(t.Context())
				s, err := h.Subscribe(ctx, "a", wanted...)
				require.NoError(rt, err)
				l := &listener{Subscription: s, leave: leave}
				set(l, wanted)
				all = append(all, l)
			},
			"leave": func(rt *rapid.T) {
				if len(all) == 0 {
					rt.Skip()
				}
				i := rapid.IntRange(0, len(all)-1).Draw(rt, "who")
				all[i].leave()
				require.Eventually(rt, func() bool { return all[i].Err() != nil }, time.Minute, time.Millisecond)
				all = append(all[:i:i], all[i+1:]...)
			},
			"refile": func(rt *rapid.T) {
				if len(all) == 0 {
					rt.Skip()
				}
				l, wanted := rapid.SampledFrom(all).Draw(rt, "who"), someKeys()
				at, _ := l.Resubscribe(wanted...)
				require.Equal(rt, h.Checkpoint("a"), at)
				set(l, wanted)
				l.want = nil // what was not read is dropped
			},
			"publish": func(rt *rapid.T) {
				n++
				team := rapid.SampledFrom([]workspace.TeamID{"red", "blue", "green", ""}).Draw(rt, "team")
				item := of(team, n)
				h.Publish(item)
				for _, l := range all {
					if len(l.keys) == 0 || l.keys["member:m"] || l.keys["team:"+access.Facet(team)] {
						l.want = append(l.want, item.Position)
					}
				}
			},
			"tell all": func(*rapid.T) {
				n++
				h.Publish(news("a", n))
				for _, l := range all {
					l.want = append(l.want, h.Position())
				}
			},
			"": func(rt *rapid.T) {
				for _, l := range all {
					require.Equal(rt, len(l.want), l.Told())
				}
			},
		})
		h.Close()
		for _, l := range all {
			l.leave()
			var got []string
			for item := range l.Items() {
				got = append(got, item.Position)
			}
			require.Equal(rt, l.want, got)
		}
	})
}
