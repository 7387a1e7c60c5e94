package follow_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/live/follow"
)

// countedViews are of each kind: the same for all, of the own teams, one's own.
func countedViews() []access.View {
	return []access.View{
		{}, {List: access.ListMine}, {List: access.ListMyTeams}, {List: access.ListUnassigned}, {List: access.ListQueued},
		{Statuses: []inbox.Status{inbox.Open}}, {Teams: []workspace.TeamID{"sales"}},
	}
}

// follower is somebody who follows counts, with what they have come to.
type follower struct {
	who       inbox.Principal
	delivered func() []follow.Delivery[[]follow.ViewCount]
	end       func() error
	shown     map[int]int
}

func (f *follower) take(t require.TestingT) {
	for _, d := range f.delivered() {
		require.NotEmpty(t, d.Body, "an item says something")
		for _, one := range d.Body {
			f.shown[one.View] = one.Count
		}
	}
}

// Counts that are kept once for all who see the same are, for each of them, what a fresh
// count by the rights of now comes to: whatever becomes of roles, teams, members and the
// rule of visibility, whoever comes and goes, and while events and the database lag. B:V5, B:Z4
func TestSharedCountsAreFreshCounts(t *testing.T) {
	policy, compared := newPolicy(t), 0
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(struct{ rapid.TB }{t}, func(rt *rapid.T) {
			w := newWorld(policy)
			for i := range 6 {
				id := workspace.MemberID(fmt.Sprint("m", i))
				w.directory.Members[id] = workspace.Member{ID: id, Workspace: ws, Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{"sales"}, Rev: 1}
			}
			s := w.serve(feed.WithBuffer(rapid.SampledFrom([]int{2, 256}).Draw(rt, "buffer")))
			defer s.hub.Close()
			var all []*follower
			sit := func() {
				who := member(workspace.MemberID(fmt.Sprint("m", rapid.IntRange(0, 5).Draw(rt, "who"))))
				ctx, leave := context.WithCancel(t.Context())
				st, err := s.Counts(ctx, w.request(who, nil), countedViews())
				if err != nil {
					leave()
					return // removed, or the database is away
				}
				f := &follower{who: who, shown: map[int]int{}}
				delivered, end := got(t, st, err)
				f.delivered, f.end = delivered, func() error { defer leave(); return end() }
				all = append(all, f)
			}
			sit()
			sit()
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				s.act(rt, w)
				switch rapid.IntRange(0, 11).Draw(rt, "besides") {
				case 0:
					sit()
				case 1:
					if len(all) > 1 {
						_ = all[0].end()
						all = all[1:]
					}
				case 2:
					w.leave(true)
				case 3:
					w.leave(false)
				case 4:
					time.Sleep(50 * time.Millisecond)
				case 5:
					s.lose(rapid.IntRange(0, 3).Draw(rt, "lost"))
				default:
					s.hear(rapid.IntRange(0, 4).Draw(rt, "heard"))
				}
			}
			w.leave(false)
			s.hear(len(w.log))
			for range 40 { // pauses of all lengths are over, but for nobody's clock
				time.Sleep(time.Second / 10)
				synctest.Wait()
			}
			for _, f := range all {
				f.take(rt)
				ended := f.end()
				a, err := w.access(f.who)
				switch {
				case errors.Is(ended, feed.ErrSlow): // comes back, and begins anew
				case err != nil || a.ViewsAny() != nil:
					require.NotErrorIs(rt, ended, context.Canceled, "it ends with the rights")
				case !errors.Is(ended, context.Canceled):
					require.Equal(rt, inbox.Unauthenticated, inbox.CodeOf(ended), "it was removed, and has come back since")
				default:
					for i, view := range countedViews() {
						require.Equal(rt, w.count(a, view), f.shown[i], "%s, view %d", f.who.Actor.ID, i)
					}
					compared++
				}
			}
			synctest.Wait()
			require.Zero(rt, s.hub.Subscriptions(), "whoever follows nothing is forgotten")
		})
	})
	require.Greater(t, compared, 50, "too few were compared")
}

// act changes a conversation, or the rights of somebody.
func (s *server) act(rt *rapid.T, w *world) {
	id := inbox.ConversationID(fmt.Sprint("c", rapid.IntRange(0, 5).Draw(rt, "conversation")))
	who := workspace.MemberID(fmt.Sprint("m", rapid.IntRange(0, 5).Draw(rt, "of whom")))
	team := rapid.SampledFrom([]workspace.TeamID{"sales", "support"}).Draw(rt, "team")
	switch rapid.IntRange(0, 9).Draw(rt, "act") {
	case 0:
		w.edit(who, func(m *workspace.Member) { m.Teams = []workspace.TeamID{team} })
	case 1:
		role := rapid.SampledFrom([]workspace.RoleName{"agent", "senior_agent", "manager"}).Draw(rt, "role")
		w.edit(who, func(m *workspace.Member) { m.Roles = []workspace.RoleName{role} })
	case 2:
		w.edit(who, func(m *workspace.Member) { m.Removed = !m.Removed })
	case 3:
		w.edit(who, func(m *workspace.Member) { m.Availability = workspace.Away })
	case 4:
		rule := rapid.SampledFrom([]workspace.Visibility{workspace.VisibleOpen, workspace.VisibleScoped, workspace.VisibleExclusive}).Draw(rt, "visibility")
		w.editRules(func(r *workspace.Rules) { r.Visibility = rule })
	case 5, 6:
		w.commit(id, queue(team))
	default:
		w.commit(id, give(who))
	}
}

// editRules changes the rules of the workspace.
func (w *world) editRules(change func(*workspace.Rules)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	edited := w.directory.Workspace
	edited.Rev++
	change(&edited.Rules)
	c := workspace.DirectoryChange{Workspace: &edited}
	w.directory = w.directory.With(c)
	w.append(inbox.Event{Type: inbox.DirectoryEvent, Directory: &c})
}

// count is how many conversations a view holds now.
func (w *world) count(a access.Access, view access.View) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conversations {
		if view.Holds(a.VisibilityFilter(), c, nil) {
			n++
		}
	}
	return min(n, commit.CountLimit)
}
