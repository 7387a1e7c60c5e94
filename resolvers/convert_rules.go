package resolvers

import (
	"cmp"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
)

func (s *scope) workspace(w inbox.Workspace) *model.Workspace {
	as := s.access // of the directory with w, which may be newer than the scope's
	as.Directory = as.Directory.With(inbox.DirectoryChange{Workspace: &w})
	return &model.Workspace{
		ID: GlobalID(typeWorkspace, w.ID), Name: w.Name, Plan: s.plan(w.Plan), TimeZone: w.TimeZone, Rules: rulesOf(w.Rules),
		Warnings: warningsOf(as.RoutingWarnings()),
	}
}

func rulesOf(r inbox.Rules) *model.WorkspaceRules {
	out := &model.WorkspaceRules{
		Method: r.Method, MaxAutoAssigned: r.MaxAutoAssigned, AutoAssignTickets: r.AutoAssignTickets,
		TeamTarget: r.TeamTarget, Unassign: r.Unassign, AiAfterUnassign: r.AIAfterUnassign,
		TransferToAway: r.TransferToAway, TransferActor: r.TransferActor, TransferAcceptance: r.TransferAcceptance,
		OfferTimeout: seconds(r.OfferTimeout), TakeoverUnassigned: r.TakeoverUnassigned, UndoWindow: seconds(r.UndoWindow),
		NotifyContact: r.NotifyContact, AiWhilePending: r.AIWhilePending, AiWhenAssigned: r.AIWhenAssigned,
		CloseActor: r.CloseActor, OnCloseChat: r.OnCloseChat, SendPolicy: r.SendPolicy,
		PresenceGrace: seconds(r.PresenceGrace), Visibility: r.Visibility, MatchContacts: cmp.Or(r.MatchContacts, inbox.MatchVerified),
	}
	if r.ReclaimAfter > 0 {
		after := seconds(r.ReclaimAfter)
		out.ReclaimAfter = &after
	}
	return out
}

// changeRules writes into r what the input names.
func changeRules(r *inbox.Rules, in model.UpdateWorkspaceRulesInput) {
	set(&r.Method, in.Method)
	set(&r.MaxAutoAssigned, in.MaxAutoAssigned)
	set(&r.AutoAssignTickets, in.AutoAssignTickets)
	set(&r.TeamTarget, in.TeamTarget)
	set(&r.Unassign, in.Unassign)
	set(&r.AIAfterUnassign, in.AiAfterUnassign)
	set(&r.TransferToAway, in.TransferToAway)
	set(&r.TransferActor, in.TransferActor)
	set(&r.TransferAcceptance, in.TransferAcceptance)
	setSeconds(&r.OfferTimeout, in.OfferTimeout)
	set(&r.TakeoverUnassigned, in.TakeoverUnassigned)
	setSeconds(&r.UndoWindow, in.UndoWindow)
	set(&r.NotifyContact, in.NotifyContact)
	set(&r.AIWhilePending, in.AiWhilePending)
	set(&r.AIWhenAssigned, in.AiWhenAssigned)
	set(&r.CloseActor, in.CloseActor)
	set(&r.OnCloseChat, in.OnCloseChat)
	set(&r.SendPolicy, in.SendPolicy)
	setSeconds(&r.ReclaimAfter, in.ReclaimAfter)
	setSeconds(&r.PresenceGrace, in.PresenceGrace)
	set(&r.Visibility, in.Visibility)
	set(&r.MatchContacts, in.MatchContacts)
}

func set[T any](into *T, from *T) {
	if from != nil {
		*into = *from
	}
}

// setSeconds clamps what would overflow; the bounds are checked by the domain.
func setSeconds(into *time.Duration, from *int) {
	if from != nil {
		limit := int(inbox.MaxRuleDuration/time.Second) + 1
		*into = time.Duration(max(-1, min(*from, limit))) * time.Second
	}
}

func seconds(d time.Duration) int { return int(d / time.Second) }
