package follow_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/live/follow"
)

// playing runs a test in a bubble of its own time, on a world with one server.
func playing(t *testing.T, test func(t *testing.T, w *world, s *server)) {
	t.Helper()
	policy := newPolicy(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(policy)
		w.commit("c0", queue("sales"))
		s := w.serve()
		defer s.hub.Close()
		test(t, w, s)
	})
}

// settle publishes everything and waits until all of it is delivered.
func (s *server) settle() {
	s.hear(len(s.world.log))
	synctest.Wait()
}

// What was missed is shown with the conversation as it is, and each item carries the
// place behind itself: whoever is cut off in the middle goes on there. B:V8b
func TestMissedItemsCarryTheirPlaces(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		after := textOf(follow.ResumeToken{Position: place(1), Rights: follow.AnyRights})
		w.commit("c0", give("seller"))
		w.commit("c0", give("helper"))
		w.commit("c0", give("manager"))
		s.hear(9)
		request := w.request(member("manager"), after)
		request.ReplayOnly = true
		for missed := 3; missed > 0; missed-- {
			request.After = after
			var got []follow.Delivery[follow.ViewChange]
			st, err := s.View(t.Context(), request, access.View{})
			require.NoError(t, err)
			require.NoError(t, st.Run(t.Context(), func(_ context.Context, d follow.Delivery[follow.ViewChange]) error {
				got = append(got, d)
				return nil
			}), "a replay ends where live events begin")
			require.Len(t, got, missed)
			require.Equal(t, 4, got[0].Body.Now.Version)
			after = textOf(got[0].Token)
		}
	})
}

// A stream that depends on rights says when they change, or ends. B:Z4, B:Z6
func TestRightsThatChange(t *testing.T) {
	moves := func(w *world) {
		w.edit("seller", func(m *workspace.Member) { m.Teams = []workspace.TeamID{"support"} })
	}
	roleless := func(w *world) { w.edit("seller", func(m *workspace.Member) { m.Roles = nil }) }
	removed := func(w *world) { w.edit("seller", func(m *workspace.Member) { m.Removed = true }) }
	for name, row := range map[string]struct {
		change       func(*world)
		view, events string // the gap, or the code with which the stream ends
		updates      bool   // whether the conversation's stream is complete
	}{
		"another team": {moves, string(feed.GapRightsChanged), "", true},
		"no role":      {roleless, string(inbox.PermissionDenied), string(inbox.PermissionDenied), true},
		"removed":      {removed, string(inbox.Unauthenticated), string(inbox.Unauthenticated), false},
	} {
		for _, published := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				playing(t, func(t *testing.T, w *world, s *server) {
					r := w.request(member("seller"), nil)
					st1, err := s.View(t.Context(), r, access.View{})
					view, endView := got(t, st1, err)
					st2, err := s.Events(t.Context(), r, follow.EventFilter{})
					events, endEvents := got(t, st2, err)
					st3, err := s.Conversation(t.Context(), r, "c0")
					updates, endUpdates := got(t, st3, err)
					row.change(w)
					if published {
						s.settle()
					} else { // the directory knows, and the feed is away
						s.hub.Rechecks.Ask()
						synctest.Wait()
					}
					answer := func(gap feed.GapReason, err error) string {
						if gap != "" || errors.Is(err, context.Canceled) {
							return string(gap)
						}
						return string(inbox.CodeOf(err))
					}
					var gap feed.GapReason
					for _, d := range view() {
						gap = d.Gap
					}
					require.Equal(t, row.view, answer(gap, endView()))
					require.Empty(t, events())
					require.Equal(t, row.events, answer("", endEvents()))
					last := updates()
					require.Equal(t, row.updates, len(last) == 1 && last[0].Body.AccessLost && last[0].Body.Message == nil)
					require.Equal(t, row.updates, endUpdates() == nil)
				})
			})
		}
	}
}

// Rights that changed while the subscriber was away are a gap of a view. B:V4
func TestRightsThatChangedMeanwhile(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		st, err := s.View(t.Context(), w.request(member("seller"), nil), access.View{})
		require.NoError(t, err)
		begins, _ := st.Begins()
		for _, rights := range []string{begins.Rights, follow.AnyRights} {
			w.edit("seller", func(m *workspace.Member) { m.Teams = append(m.Teams, "support") })
			s.settle()
			st, err := s.View(t.Context(), w.request(member("seller"), textOf(follow.ResumeToken{Position: begins.Position, Rights: rights})), access.View{})
			delivered, end := got(t, st, err)
			synctest.Wait()
			all := delivered()
			require.ErrorIs(t, end(), context.Canceled)
			require.Len(t, all, 1)
			require.Equal(t, feed.GapRightsChanged, all[0].Gap)
		}
		require.EqualValues(t, 2, s.Gaps.Count(feed.GapRightsChanged))
	})
}

// A stream waits while the database is away, and goes on with the rights of then. B:Z6
func TestAwayDatabase(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		st, err := s.Events(t.Context(), w.request(member("manager"), nil), follow.EventFilter{})
		delivered, end := got(t, st, err)
		w.commit("c0", give("seller"))
		w.leave(true)
		s.settle()
		time.Sleep(5 * time.Second)
		require.Empty(t, delivered())
		w.leave(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Len(t, delivered(), 1)
		require.ErrorIs(t, end(), context.Canceled)
	})
}

// Contacts read neither notes nor who changed what; they follow their place in the
// queue. B:V8, B:Q7
func TestContacts(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		contact := inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: "contact-c1"}, Conversation: "c1"}
		w.commit("c1", queue("sales"))
		s.settle()
		st, err := s.Conversation(t.Context(), w.request(contact, nil), "c1")
		delivered, end := got(t, st, err)
		w.say("c1", true)
		w.say("c1", false)
		w.commit("c1", queue("sales"))
		s.settle()
		all := delivered()
		require.Len(t, all, 2)
		require.False(t, all[0].Body.Message.Internal)
		require.Nil(t, all[1].Body.Event)
		w.commit("c0", give("seller"))
		s.settle()
		require.Empty(t, delivered(), "the place is read with the next look")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.LessOrEqual(t, len(delivered()), 1)
		require.ErrorIs(t, end(), context.Canceled)
	})
}

// Not even the moment shows of what the contact sees nothing of: every step of an offer,
// a sleep, and what the rules report to others. B:V8, B:T6, B:R2, B:R1
func TestContactsAreNotToldOfWhatTheyDoNotSee(t *testing.T) {
	offered := func(c inbox.Conversation, t inbox.Command) inbox.Move {
		return inbox.MakeOffer(c, inbox.OfferTerms{ID: "o", Member: "helper", Team: "support", Timeout: time.Minute}, t)
	}
	plain := func(verb func(inbox.Conversation, inbox.Command) inbox.Move) []func(inbox.Conversation, inbox.Command) inbox.Move {
		return []func(inbox.Conversation, inbox.Command) inbox.Move{offered, verb}
	}
	for name, steps := range map[string][]func(inbox.Conversation, inbox.Command) inbox.Move{
		"withdrawn": plain(inbox.WithdrawOffer),
		"passed on": plain(func(c inbox.Conversation, t inbox.Command) inbox.Move {
			return inbox.DeclineOffer(c, "manager", false, t)
		}),
		"declined": plain(func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.DeclineOffer(c, "", false, t) }),
		"expired": plain(func(c inbox.Conversation, t inbox.Command) inbox.Move {
			return inbox.ExpireOffer(c, "", inbox.OfferEndedByTimer, t)
		}),
		"forfeited": plain(func(c inbox.Conversation, t inbox.Command) inbox.Move {
			return inbox.EndOffer(c, inbox.OfferTargetNotPermitted, t)
		}),
		"slept over": {
			func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.Snooze(c, time.Time{}, t) },
			func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.Wake(c, true, t) },
		},
		"reported": {inbox.ReportUnanswered},
	} {
		t.Run(name, func(t *testing.T) {
			playing(t, func(t *testing.T, w *world, s *server) {
				contact := inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: "contact-c1"}, Conversation: "c1"}
				w.commit("c1", give("seller"))
				w.commit("c1", give("seller"))
				s.settle()
				known := w.conversations["c1"].PublicActivityAt()
				st, err := s.Conversation(t.Context(), w.request(contact, nil), "c1")
				delivered, end := got(t, st, err)
				for _, step := range steps {
					w.commit("c1", step)
				}
				s.settle()
				require.Empty(t, delivered())
				require.Equal(t, known, w.conversations["c1"].PublicActivityAt())
				require.ErrorIs(t, end(), context.Canceled)
			})
		})
	}
}

// What one member is notified of. A change of what is listened for, and a gap, end the
// stream when something may have been missed. B:V7
func TestNotifications(t *testing.T) {
	for name, row := range map[string]struct {
		change func(w *world, s *server)
		items  int
		ends   error
	}{
		"given":            {func(w *world, s *server) { w.commit("c0", give("seller")); s.settle() }, 1, context.Canceled},
		"given to another": {func(w *world, s *server) { w.commit("c0", give("helper")); s.settle() }, 0, context.Canceled},
		"a gap":            {func(_ *world, s *server) { s.lose(0); synctest.Wait() }, 0, follow.ErrMissed},
		"facets and nothing": {func(w *world, s *server) {
			w.edit("seller", func(m *workspace.Member) { m.Teams = append(m.Teams, "support") })
			s.settle()
			w.commit("c0", give("seller"))
			s.settle()
		}, 1, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			playing(t, func(t *testing.T, w *world, s *server) {
				st, err := s.Notifications(t.Context(), w.request(member("seller"), nil))
				delivered, end := got(t, st, err)
				synctest.Wait()
				row.change(w, s)
				fresh := 0
				for _, d := range delivered() {
					if !d.Body.Gone {
						fresh++
					}
				}
				require.Equal(t, row.items, fresh)
				require.ErrorIs(t, end(), row.ends)
			})
		})
	}
}

// What came between a change of what is listened for and its being heard may have been
// missed: the stream says so. A reader that stands still lets both wait. B:V7
func TestNotificationsThatMayHaveBeenMissed(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		st, err := s.Notifications(t.Context(), w.request(member("seller"), nil))
		require.NoError(t, err)
		goOn, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- st.Run(t.Context(), func(context.Context, follow.Delivery[follow.Notification]) error {
				<-goOn
				return nil
			})
		}()
		synctest.Wait()
		w.commit("c0", give("seller"))
		s.settle()
		w.edit("seller", func(m *workspace.Member) { m.Teams = append(m.Teams, "support") })
		w.commit("c1", queue("support"))
		s.settle()
		close(goOn)
		require.ErrorIs(t, <-ended, follow.ErrMissed)
	})
}

// Counts and the wallboard end at what is so, through gaps and through events that were
// read before they arrived. B:V5, B:V6
func TestFigures(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		r := w.request(member("manager"), nil)
		st1, err := s.Counts(t.Context(), r, []access.View{{Assignees: []workspace.MemberID{"seller"}}})
		counts, endCounts := got(t, st1, err)
		w.commit("c1", give("seller")) // read by the first count, and delivered later
		st2, err := s.Workloads(t.Context(), r, "sales")
		board, endBoard := got(t, st2, err)
		count, load := 0, 0
		check := func(want int) {
			t.Helper()
			time.Sleep(time.Second)
			synctest.Wait()
			for _, d := range counts() {
				count = d.Body[0].Count
			}
			for _, d := range board() {
				for _, m := range d.Body.Members {
					if m.Member.ID == "seller" {
						load = m.Load.Tickets
					}
				}
			}
			require.Equal(t, []int{want, want}, []int{count, load})
		}
		check(1)
		s.settle()
		check(1)
		w.commit("c2", give("seller"))
		s.settle()
		check(2)
		w.commit("c1", give("helper"))
		w.commit("c2", give("helper"))
		s.lose(2)
		check(0)
		w.edit("helper", func(m *workspace.Member) { m.Teams = []workspace.TeamID{"sales"} })
		s.settle()
		check(0)
		w.commit("c0", give("helper"))
		s.settle()
		time.Sleep(time.Second)
		synctest.Wait()
		var helper *workspace.Workload
		for _, d := range board() {
			helper = &d.Body.Members[0]
		}
		require.NotNil(t, helper, "nothing was delivered of a new member of the team")
		require.Equal(t, 3, helper.Load.Tickets)
		require.ErrorIs(t, endCounts(), context.Canceled)
		require.ErrorIs(t, endBoard(), context.Canceled)
	})
}
