package inbox_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

func TestRulesAreBounded(t *testing.T) {
	require.NoError(t, admin.ValidateRules(workspace.DefaultRules()))
	for field, break_ := range map[string]func(*workspace.Rules){
		"method":             func(r *workspace.Rules) { r.Method = "" },
		"maxAutoAssigned":    func(r *workspace.Rules) { r.MaxAutoAssigned = workspace.MaxCap + 1 },
		"teamTarget":         func(r *workspace.Rules) { r.TeamTarget = "x" },
		"unassign":           func(r *workspace.Rules) { r.Unassign = "x" },
		"aiAfterUnassign":    func(r *workspace.Rules) { r.AIAfterUnassign = "x" },
		"transferToAway":     func(r *workspace.Rules) { r.TransferToAway = "x" },
		"transferActor":      func(r *workspace.Rules) { r.TransferActor = "x" },
		"transferAcceptance": func(r *workspace.Rules) { r.TransferAcceptance = "x" },
		"offerTimeout":       func(r *workspace.Rules) { r.OfferTimeout = time.Second - 1 },
		"takeoverUnassigned": func(r *workspace.Rules) { r.TakeoverUnassigned = "x" },
		"undoWindow":         func(r *workspace.Rules) { r.UndoWindow = -1 },
		"notifyContact":      func(r *workspace.Rules) { r.NotifyContact = "x" },
		"aiWhilePending":     func(r *workspace.Rules) { r.AIWhilePending = "x" },
		"aiWhenAssigned":     func(r *workspace.Rules) { r.AIWhenAssigned = "x" },
		"closeActor":         func(r *workspace.Rules) { r.CloseActor = "x" },
		"onCloseChat":        func(r *workspace.Rules) { r.OnCloseChat = "x" },
		"onReopen":           func(r *workspace.Rules) { r.OnReopen = "" },
		"reopenWindow":       func(r *workspace.Rules) { r.ReopenWindow = -time.Second },
		"closeIdleAfter":     func(r *workspace.Rules) { r.CloseIdleAfter = workspace.MaxRuleDuration + time.Second },
		"sendPolicy":         func(r *workspace.Rules) { r.SendPolicy = "x" },
		"reclaimAfter":       func(r *workspace.Rules) { r.ReclaimAfter = workspace.MaxRuleDuration + 1 },
		"presenceGrace":      func(r *workspace.Rules) { r.PresenceGrace = 0 },
		"leftWaits":          func(r *workspace.Rules) { r.LeftWaits = -1 },
		"presenceReturn":     func(r *workspace.Rules) { r.PresenceReturn = -1 },
		"visibility":         func(r *workspace.Rules) { r.Visibility = "x" },
	} {
		r := workspace.DefaultRules()
		break_(&r)
		require.Equal(t, []string{field}, refused(t, admin.ValidateRules(r), inbox.InvalidInput).Field)
	}
	r := workspace.DefaultRules()
	r.MaxAutoAssigned, r.UndoWindow, r.ReclaimAfter, r.OfferTimeout = workspace.MaxCap, 0, workspace.MaxRuleDuration, time.Second
	require.NoError(t, admin.ValidateRules(r), "the bounds themselves are allowed")
	r.MaxAutoAssigned = 1
	require.NoError(t, admin.ValidateRules(r))
}

// The default of every workspace rule.
func TestDefaultRules(t *testing.T) {
	r := workspace.DefaultRules()
	require.Equal(t, workspace.Rules{
		Method: "BALANCED", MaxAutoAssigned: 10, AutoAssignTickets: false, // B:Q2 B:Q6 B:Q11
		TeamTarget: "METHOD", Unassign: "ASSIGNEE_OR_MANAGER", AIAfterUnassign: "STAY_STOPPED", // B:A5 B:A6
		TransferToAway: "ALLOW", TransferActor: "ASSIGNEE_ONLY", TransferAcceptance: "IMMEDIATE", OfferTimeout: time.Minute, // B:T4 B:T5 B:T6
		TakeoverUnassigned: "CLAIM", UndoWindow: 10 * time.Second, NotifyContact: "ON_LEAVE_AND_REASSIGN", // B:K3 B:K5 B:L2
		AIWhilePending: "CONTINUE", AIWhenAssigned: "STOP", // B:H2 B:H3
		CloseActor: "ASSIGNEE_OR_MANAGER", OnCloseChat: "RETURN_TO_ORIGIN_AI", SendPolicy: "OWNER_IF_OWNED", // B:C1 B:S1
		ReclaimAfter: 0, PresenceGrace: time.Minute, PresenceReturn: 12 * time.Hour, Visibility: "SCOPED", LeftWaits: time.Minute, // B:R1 B:P1 B:Z8
		OnReopen: "ORIGIN_AI", ReopenWindow: 0, StickyOwner: true, ContactMayClose: true, CloseIdleAfter: 0, // B:C1 B:C4 B:C6
		MatchContacts: "VERIFIED", // B:N3
	}, r)
}

func TestDirectoryWith(t *testing.T) {
	old := newDirectory()
	ws, member, team, agent, key := old.Workspace, old.Members[me], old.Teams[billing], old.Agents[bot], old.Keys[feeder]
	ws.Name, member.Name, team.Name, agent.Name, key.Name = "W", "M", "T", "A", "K"
	for _, rev := range []int{0, 1, 2} {
		ws.Rev, member.Rev, team.Rev, agent.Rev, key.Rev = rev, rev, rev, rev, rev
		news := rev == 2
		require.Equal(t, news, old.With(workspace.DirectoryChange{Workspace: &ws}).Workspace.Name == "W")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Member: &member}).Members[me].Name == "M")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Team: &team}).Teams[billing].Name == "T")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Agent: &agent}).Agents[bot].Name == "A")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Key: &key}).Keys[feeder].Name == "K")
	}
	require.Equal(t, newDirectory(), old, "the directory itself is never written to")
	added := old.With(workspace.DirectoryChange{Team: &workspace.Team{ID: "new", Rev: 1}})
	require.Len(t, added.Teams, 3)
	require.Len(t, added.Members, len(old.Members))
}

func TestDirectoryLeavesOutTheRemoved(t *testing.T) {
	w := newWorld(t)
	d := w.directory
	d.Teams["a"] = workspace.Team{ID: "a", Name: "Sales"}
	d.Teams["gone"] = workspace.Team{ID: "gone", Name: "Gone", Removed: true}
	d.Agents["gone"] = workspace.AIAgent{ID: "gone", Removed: true}
	d.Members["gone"] = workspace.Member{ID: "gone", Removed: true}
	d.Members["mia2"] = workspace.Member{ID: "mia2", Name: "Mia"}
	_, member := d.Member("gone")
	_, team := d.Team("gone")
	_, agent := d.Agent("gone")
	require.False(t, member || team || agent)
	var teams []workspace.TeamID
	for _, team := range d.SortedTeams() {
		teams = append(teams, team.ID)
	}
	require.Equal(t, []workspace.TeamID{billing, "a", sales}, teams, "by name, then by id")
	require.Equal(t, []workspace.MemberID{mate, me, "mia2", manager, owner, observer, stranger, senior}, idsOf(d.SortedMembers()))
	_, err := access.NewAccess(asAgent("gone"), d, w.policy)
	refused(t, err, inbox.Unauthenticated)
}

// B:A2
func TestSelectable(t *testing.T) {
	w := newWorld(t)
	a := w.access(t, asMember(manager))
	c := states(me)["chat: mine"]
	for id, want := range map[workspace.MemberID]inbox.TargetReason{
		me: inbox.TargetCurrent, mate: "", stranger: "", manager: "", observer: inbox.TargetNotLiveAgent,
	} {
		reason, ok := a.Selectable(c, w.directory.Members[id])
		require.Equal(t, want, reason, id)
		require.Equal(t, want == "", ok, id)
	}
}

func TestErrors(t *testing.T) {
	require.Empty(t, inbox.CodeOf(nil))
	require.Equal(t, inbox.Internal, inbox.CodeOf(errors.New("x")))
	missing := inbox.Missing("team")
	require.Equal(t, inbox.NotFound, inbox.CodeOf(fmt.Errorf("outside: %w", missing)))
	require.Equal(t, "NOT_FOUND: There is no such team. Check the id, or refresh the list it came from.", missing.Error())
	require.Equal(t, []string{"first"}, inbox.Invalid("first", "%d is too many", 3).Field)
}

func TestScopes(t *testing.T) {
	for _, s := range []workspace.Scope{workspace.ScopeOwn, workspace.ScopeTeam, workspace.ScopeAll} {
		parsed, ok := workspace.ParseScope(s.String())
		require.True(t, ok)
		require.Equal(t, s, parsed)
	}
	for _, word := range []string{"NONE", "", "all"} {
		_, ok := workspace.ParseScope(word)
		require.False(t, ok, word)
	}
	require.Equal(t, "NONE", workspace.ScopeNone.String())
}

// B:Z1
func TestWorkspaceActions(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.access(t, asMember(owner)).Require(workspace.PlanManage))
	refusal := refused(t, w.access(t, asMember(manager)).Require(workspace.PlanManage), inbox.PermissionDenied)
	require.Equal(t, "plan.manage", refusal.Permission)
	require.True(t, w.access(t, asMember(manager)).May(workspace.TeamsManage))
	require.True(t, w.access(t, asSystem()).May(workspace.PlanManage))
	require.False(t, w.access(t, asContact("c")).May(workspace.TeamsManage))
	require.Contains(t, w.access(t, asMember(owner)).Permissions(), "workspace.manage")
	require.Equal(t, []string{}, w.access(t, asContact("c")).Permissions())
	require.Equal(t, []string{"view:livechat:OWN", "reply:livechat:OWN", "close:livechat:OWN", "handoff:livechat:OWN", "view:ticket:OWN", "reply:ticket:OWN", "handoff:ticket:OWN"}, w.access(t, asAgent(bot)).Permissions())
	require.Empty(t, asAgent(bot).Actor.Member())
	require.Equal(t, me, asMember(me).Actor.Member())
	require.Equal(t, workspace.ScopeAll, w.access(t, asSystem()).Scope(workspace.Ticket, workspace.PermClose))
}
