package admin_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
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
		"reclaim":            func(r *workspace.Rules) { r.Reclaim = "x" },
		"reclaimLimit":       func(r *workspace.Rules) { r.ReclaimLimit = 0 },
		"reclaimOffline":     func(r *workspace.Rules) { r.ReclaimOffline = "x" },
		"offerRounds":        func(r *workspace.Rules) { r.OfferRounds = 0 },
		"offerExhausted":     func(r *workspace.Rules) { r.OfferExhausted = "x" },
		"presenceGrace":      func(r *workspace.Rules) { r.PresenceGrace = 0 },
		"leftWaits":          func(r *workspace.Rules) { r.LeftWaits = -1 },
		"presenceReturn":     func(r *workspace.Rules) { r.PresenceReturn = -1 },
		"visibility":         func(r *workspace.Rules) { r.Visibility = "x" },
	} {
		r := workspace.DefaultRules()
		break_(&r)
		require.Equal(t, []string{field}, world.Refused(t, admin.ValidateRules(r), inbox.InvalidInput).Field)
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
		TransferToAway: "ALLOW", TransferActor: "ASSIGNEE_ONLY", TransferAcceptance: "IMMEDIATE", OfferTimeout: time.Minute, OfferRounds: 3, OfferExhausted: "RETURN_TO_SENDER", // B:T4 B:T5 B:T6
		TakeoverUnassigned: "CLAIM", UndoWindow: 10 * time.Second, NotifyContact: "ON_LEAVE_AND_REASSIGN", // B:K3 B:K5 B:L2
		AIWhilePending: "CONTINUE", AIWhenAssigned: "STOP", // B:H2 B:H3
		CloseActor: "ASSIGNEE_OR_MANAGER", OnCloseChat: "RETURN_TO_ORIGIN_AI", SendPolicy: "OWNER_IF_OWNED", // B:C1 B:S1
		Reclaim: "CHATS", ReclaimAfter: 0, ReclaimLimit: 1, ReclaimOffline: "NEVER", PresenceGrace: time.Minute, PresenceReturn: 12 * time.Hour, Visibility: "SCOPED", LeftWaits: time.Minute, // B:R1 B:P1 B:Z8
		OnReopen: "ORIGIN_AI", ReopenWindow: 0, StickyOwner: true, ContactMayClose: true, CloseIdleAfter: 0, // B:C1 B:C4 B:C6
		MatchContacts: "VERIFIED", // B:N3
	}, r)
}
