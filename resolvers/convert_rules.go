package resolvers

import (
	"time"

	"switchboard/graph/model"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

func (s *scope) workspace(w workspace.Workspace) *model.Workspace {
	as := s.access // of the directory with w, which may be newer than the scope's
	as.Directory = as.Directory.With(workspace.DirectoryChange{Workspace: &w})
	return &model.Workspace{
		ID: GlobalID(typeWorkspace, w.ID), Name: w.Name, Plan: s.plan(w.Plan), TimeZone: w.TimeZone, Sandbox: w.Sandbox, Rules: rulesOf(w.Rules),
		Warnings: s.teamWarnings(access.RoutingWarnings(as)),
	}
}

func rulesOf(r workspace.Rules) *model.WorkspaceRules {
	out := &model.WorkspaceRules{
		Method: r.Method, MaxAutoAssigned: r.MaxAutoAssigned, AutoAssignTickets: r.AutoAssignTickets,
		TeamTarget: r.TeamTarget, Unassign: r.Unassign, AiAfterUnassign: r.AIAfterUnassign,
		TransferToAway: r.TransferToAway, TransferActor: r.TransferActor, TransferAcceptance: r.TransferAcceptance,
		OfferTimeout: seconds(r.OfferTimeout), TakeoverUnassigned: r.TakeoverUnassigned, UndoWindow: seconds(r.UndoWindow),
		NotifyContact: r.NotifyContact, AiWhilePending: r.AIWhilePending, AiWhenAssigned: r.AIWhenAssigned,
		CloseActor: r.CloseActor, OnCloseChat: r.OnCloseChat, SendPolicy: r.SendPolicy,
		PresenceGrace: seconds(r.PresenceGrace), PresenceReturn: seconds(r.PresenceReturn), LeftWaits: seconds(r.LeftWaits), Visibility: r.Visibility, MatchContacts: r.MatchContacts,
		Reclaim: r.Reclaim, ReclaimOffline: r.ReclaimOffline, ReclaimLimit: r.ReclaimLimit,
		OfferRounds: r.OfferRounds, OfferExhausted: r.OfferExhausted, DeclineNeedsReason: r.DeclineNeedsReason,
		OnReopen: r.OnReopen, StickyOwner: r.StickyOwner, ContactMayClose: r.ContactMayClose,
		ReasonsRequired: r.ReasonsRequired.List(),
	}
	out.ReclaimAfter, out.ReopenWindow, out.CloseIdleAfter = ifOn(r.ReclaimAfter), ifOn(r.ReopenWindow), ifOn(r.CloseIdleAfter)
	return out
}

// ifOn gives the seconds of a rule that is off at zero; nil when it is off.
func ifOn(d time.Duration) *int {
	if d == 0 {
		return nil
	}
	after := seconds(d)
	return &after
}

// changeRules sets the rules in r that the input names.
func changeRules(r *workspace.Rules, in model.UpdateWorkspaceRulesInput) {
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
	set(&r.OfferRounds, in.OfferRounds)
	set(&r.OfferExhausted, in.OfferExhausted)
	set(&r.DeclineNeedsReason, in.DeclineNeedsReason)
	set(&r.TakeoverUnassigned, in.TakeoverUnassigned)
	setSeconds(&r.UndoWindow, in.UndoWindow)
	set(&r.NotifyContact, in.NotifyContact)
	set(&r.AIWhilePending, in.AiWhilePending)
	set(&r.AIWhenAssigned, in.AiWhenAssigned)
	set(&r.CloseActor, in.CloseActor)
	set(&r.OnCloseChat, in.OnCloseChat)
	set(&r.OnReopen, in.OnReopen)
	setSeconds(&r.ReopenWindow, in.ReopenWindow)
	set(&r.StickyOwner, in.StickyOwner)
	set(&r.ContactMayClose, in.ContactMayClose)
	setSeconds(&r.CloseIdleAfter, in.CloseIdleAfter)
	set(&r.SendPolicy, in.SendPolicy)
	set(&r.Reclaim, in.Reclaim)
	setSeconds(&r.ReclaimAfter, in.ReclaimAfter)
	set(&r.ReclaimLimit, in.ReclaimLimit)
	set(&r.ReclaimOffline, in.ReclaimOffline)
	setSeconds(&r.PresenceGrace, in.PresenceGrace)
	setSeconds(&r.PresenceReturn, in.PresenceReturn)
	setSeconds(&r.LeftWaits, in.LeftWaits)
	set(&r.Visibility, in.Visibility)
	set(&r.MatchContacts, in.MatchContacts)
	if in.ReasonsRequired != nil {
		r.ReasonsRequired = workspace.UsagesOf(in.ReasonsRequired...)
	}
}

func set[T any](into *T, from *T) {
	if from != nil {
		*into = *from
	}
}

// setSeconds takes what was sent, which no Int makes overflow; the domain checks the bounds.
func setSeconds(into *time.Duration, from *int) {
	if from != nil {
		*into = time.Duration(*from) * time.Second
	}
}

func seconds(d time.Duration) int { return int(d / time.Second) }
