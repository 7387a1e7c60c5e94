package attention_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/attention"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Whatever the conversation, the callers and what they say: nobody is shown to a viewer
// who does not see it; who is shown sees it, by more than the permission monitor, or is
// its contact; and a contact is shown typing alone, of who could send.
func TestWhoIsShownToWhom(t *testing.T) {
	w := world.NewWorld(t)
	shownTo := map[workspace.ActorKind]int{}
	for _, c := range world.States(world.Mate) {
		for _, viewer := range world.Callers() {
			for _, subject := range world.Callers() {
				for _, kind := range attention.Kinds() {
					for _, note := range []bool{true, false} {
						if checkShown(t, w, c, viewer, subject, attention.Mark{Kind: kind, Note: note}) {
							shownTo[viewer.Actor.Kind]++
						}
					}
				}
			}
		}
	}
	require.Positive(t, shownTo[workspace.ActorMember])
	require.Positive(t, shownTo[workspace.ActorContact])
}

// checkShown reports whether the mark of the subject is shown to the viewer.
func checkShown(t *testing.T, w *world.World, c inbox.Conversation, viewer, subject inbox.Principal, m attention.Mark) bool {
	t.Helper()
	v, s := w.Access(t, viewer), w.Access(t, subject)
	m.Key = attention.Key{Workspace: c.Workspace, Conversation: c.ID, Actor: subject.Actor}
	m.TokenIssue, m.IssuedBy = subject.TokenIssue, subject.IssuedBy
	got := attention.Shown(v, c, []attention.Mark{m, m})
	if len(got) == 0 {
		return false
	}
	kind := m.Kind
	if subject.Actor.Kind == workspace.ActorMember && !couldSend(s, c, m.Note) {
		kind = attention.Viewing
	}
	require.Equal(t, []attention.Present{{Actor: subject.Actor, Kind: kind, Note: m.Note && kind != attention.Viewing}}, got, "once, and no more than it may do")
	require.True(t, v.Sees(c))
	require.NotEqual(t, viewer.Actor, subject.Actor)
	require.NotContains(t, []workspace.ActorKind{workspace.ActorPartner, workspace.ActorSystem}, subject.Actor.Kind)
	if subject.Actor.Kind != workspace.ActorMember {
		require.Equal(t, attention.Typing, m.Kind)
	} else {
		require.True(t, access.SeesOpenly(s, c) || access.IsOffered(s, c))
		require.False(t, kind == attention.Viewing && access.Watches(s, c))
	}
	if viewer.Actor.Kind == workspace.ActorContact {
		require.Equal(t, attention.Typing, m.Kind)
		require.False(t, m.Note)
		require.True(t, s.Can(c, inbox.ActionReply).Allowed)
	}
	return true
}

// couldSend reports whether what a member writes at c could be sent now, by some verb. A
// note is written by whoever may reply.
func couldSend(a access.Access, c inbox.Conversation, note bool) bool {
	if note {
		return access.VerbOf(inbox.ActionReply).Verdict(a, c, access.Asked{Note: true}).Allowed
	}
	return slices.ContainsFunc([]inbox.Action{inbox.ActionReply, inbox.ActionReopenSend, inbox.ActionStartNew, inbox.ActionTakeOver},
		func(verb inbox.Action) bool { return a.Can(c, verb).Allowed })
}

// In every state and for every role, whoever may not write is shown to be there at most,
// whatever is said: an observer is never shown to write, and somebody who is only shown to
// look says so whatever the policy of sending. B:M1, B:S1
func TestNobodyIsShownToWriteWhoMayNot(t *testing.T) {
	capped, written := map[workspace.MemberID]int{}, map[workspace.MemberID]int{}
	for _, policy := range []workspace.SendPolicy{workspace.SendOwnerIfOwned, workspace.SendAssigneeAlways, workspace.SendAnyone} {
		w := world.NewWorld(t)
		w.Rules(func(r *workspace.Rules) { r.SendPolicy = policy })
		w.Roster.Workspace.CustomRoles = []workspace.CustomRole{{Name: "replies", Permissions: replies()}}
		w.Member(world.Me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"replies"} })
		for name, c := range world.States(world.Mate) {
			for id := range w.Roster.Members {
				subject := world.AsMember(id)
				for _, kind := range []attention.Kind{attention.Drafting, attention.Typing} {
					for _, note := range []bool{true, false} {
						mark := attention.Mark{Key: attention.Key{Workspace: c.Workspace, Conversation: c.ID, Actor: subject.Actor}, Kind: kind, Note: note}
						got := attention.Shown(w.Access(t, world.AsMember(world.Owner)), c, []attention.Mark{mark})
						if len(got) == 0 {
							continue
						}
						if got[0].Kind == attention.Viewing {
							require.False(t, couldSend(w.Access(t, subject), c, note), "%s: %s", name, id)
							require.False(t, got[0].Note)
							capped[id]++
							continue
						}
						require.True(t, couldSend(w.Access(t, subject), c, note), "%s: %s", name, id)
						written[id]++
					}
				}
			}
		}
	}
	require.Positive(t, capped[world.Observer])
	require.Zero(t, written[world.Observer])
	require.Positive(t, written[world.Mate])
	require.Positive(t, capped[world.Me], "of what a teammate owns, without the right to take over")
}

// replies are the permissions of whoever answers in a team and takes nothing over.
func replies() (out []workspace.Permission) {
	for _, kind := range workspace.Kinds() {
		for _, action := range []workspace.PermAction{workspace.PermView, workspace.PermReply} {
			out = append(out, workspace.Permission{Kind: kind, Action: action, Scope: workspace.ScopeTeam})
		}
	}
	return out
}

// The target of an offer reads what is offered, and is shown to the sender as looking at
// it, whatever it says; nothing after the offer. B:T6
func TestTheTargetOfAnOfferIsSeenLooking(t *testing.T) {
	w := world.NewWorld(t)
	c := world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing)
	by := inbox.Command{By: world.AsMember(world.Me).Actor, At: world.Start(), Rules: w.Roster.Workspace.Rules}
	offered := inbox.MakeOffer(c, inbox.OfferTerms{ID: "o", Member: world.Stranger, Timeout: time.Minute}, by).After
	sender, target := w.Access(t, world.AsMember(world.Me)), world.AsMember(world.Stranger)
	for _, kind := range attention.Kinds() {
		mark := attention.Mark{Key: attention.Key{Workspace: c.Workspace, Conversation: c.ID, Actor: target.Actor}, Kind: kind}
		require.Equal(t, []attention.Present{{Actor: target.Actor, Kind: attention.Viewing}}, attention.Shown(sender, offered, []attention.Mark{mark}))
		require.Empty(t, attention.Shown(sender, inbox.WithdrawOffer(offered, by).After, []attention.Mark{mark}))
	}
}

// Of several windows the most counts, an answer before a note; people are in one order.
func TestTheMostCounts(t *testing.T) {
	w := world.NewWorld(t)
	c := world.States(world.Mate)["chat: unowned"]
	if c.ID == "" {
		for _, name := range world.Names(world.States(world.Mate)) {
			if one := world.States(world.Mate)[name]; !one.Owned() && one.Kind == workspace.Livechat && one.Status != inbox.Closed {
				c = one
			}
		}
	}
	of := func(who workspace.MemberID, window string, kind attention.Kind, note bool) attention.Mark {
		key := attention.Key{Workspace: c.Workspace, Conversation: c.ID, Actor: world.AsMember(who).Actor, Window: window}
		return attention.Mark{Key: key, Kind: kind, Note: note}
	}
	marks := []attention.Mark{
		of(world.Senior, "", attention.Viewing, false), of(world.Mate, "1", attention.Typing, true),
		of(world.Mate, "2", attention.Typing, false), of(world.Mate, "3", attention.Viewing, false), of(world.Me, "", attention.Typing, false),
	}
	want := []attention.Present{
		{Actor: world.AsMember(world.Mate).Actor, Kind: attention.Typing}, {Actor: world.AsMember(world.Senior).Actor, Kind: attention.Viewing},
	}
	require.Equal(t, want, attention.Shown(w.Access(t, world.AsMember(world.Me)), c, marks))
	slices.Reverse(marks)
	require.Equal(t, want, attention.Shown(w.Access(t, world.AsMember(world.Me)), c, marks))
}
