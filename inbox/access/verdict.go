package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Verdict is whether a caller may do an action to a conversation, and why not.
// Enforcement and the API's explanations are made from the same verdict. B:Z5.
type Verdict struct {
	Action  inbox.Action
	Allowed bool
	Reason  DenialReason
	// Code is the error code of a refusal.
	Code inbox.Code
	// Permission is the missing one when Reason is PERMISSION.
	Permission string
	// Feature and RequiredPlan are set when Reason is PLAN; RequiredPlan is
	// empty when no plan of the ladder includes the feature.
	Feature      workspace.Feature
	RequiredPlan workspace.PlanName
	// Hint is an action that the caller could do first.
	Hint inbox.Action
	// Case is the circumstance, if the code alone does not show it.
	Case Case
}

// Can decides: plan, then permission, then state. An action that no verb declares is
// refused, as a step is.
func (a Access) Can(c inbox.Conversation, action inbox.Action) Verdict {
	verbs := Verbs()
	if verb := find(verbs[:], action); verb.Verdict != nil {
		return verb.Judge(a, c, Asked{})
	}
	v := Refuse(DeniedByState, inbox.InvalidInput)
	v.Action = action
	return v
}

// Allow is the verdict that allows.
func Allow() Verdict { return Verdict{Allowed: true} }

// Refuse is a verdict that refuses: reason for clients, code for who tried it.
func Refuse(reason DenialReason, code inbox.Code) Verdict { return Verdict{Reason: reason, Code: code} }

// because names the case of a refusal.
func (v Verdict) because(c Case) Verdict {
	v.Case = c
	return v
}

// Permit is the plan and permission half of a verdict.
func (a Access) Permit(c inbox.Conversation, action workspace.PermAction, relation workspace.Scope) Verdict {
	included := a.Includes(workspace.FeatureOf(action)).Allowed
	if included && a.Scope(c.Kind, action) >= relation {
		return Allow()
	}
	return a.Lacks(c, action, relation)
}

// Lacks is the refusal for want of a permission, or of a plan with it.
func (a Access) Lacks(c inbox.Conversation, action workspace.PermAction, relation workspace.Scope) Verdict {
	if v := a.Includes(workspace.FeatureOf(action)); !v.Allowed {
		return v
	}
	v := Refuse(DeniedByPermission, inbox.PermissionDenied)
	v.Permission = workspace.Permission{Kind: c.Kind, Action: action, Scope: relation}.String()
	return v
}

// Includes is the verdict of the plan on a feature; it allows where no feature is named.
func (a Access) Includes(f workspace.Feature) Verdict {
	if f == "" {
		return Allow()
	}
	included, lowest := a.policy.Includes(a.Plan(), f)
	if included {
		return Allow()
	}
	v := Refuse(DeniedByPlan, inbox.PlanRequired)
	v.Feature, v.RequiredPlan = f, lowest
	return v
}

// permitSeen is permit for a conversation that the caller must also see.
func (a Access) permitSeen(c inbox.Conversation, action workspace.PermAction) Verdict {
	if v := a.Permit(c, action, a.Relation(c)); !v.Allowed {
		return v
	}
	return canView(a, c)
}

// ByPolicy reports whether plan or permission refuse, which no change of
// state mends.
func (v Verdict) ByPolicy() bool {
	return v.Reason == DeniedByPlan || v.Reason == DeniedByPermission
}
