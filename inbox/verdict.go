package inbox

// Verdict is whether a caller may do an action to a conversation, and why not.
// Enforcement and the API's explanations are made from the same verdict. B:Z5.
type Verdict struct {
	Action  Action
	Allowed bool
	Reason  DenialReason
	// Code is the error code of a refusal.
	Code Code
	// Permission is the missing one when Reason is PERMISSION.
	Permission string
	// Feature and RequiredPlan are set when Reason is PLAN; RequiredPlan is
	// empty when no plan of the ladder includes the feature.
	Feature      Feature
	RequiredPlan PlanName
	// Hint is an action that the caller could do first.
	Hint Action
	// Case is the circumstance, if the code alone does not show it.
	Case Case
}

// Can decides: plan, then permission, then state.
func (a Access) Can(c Conversation, action Action) Verdict {
	var v Verdict
	switch action {
	case ActionView:
		v = a.canView(c)
	case ActionReply:
		v = a.canReply(c)
	case ActionAssign:
		v = a.canAssign(c)
	case ActionClaim:
		v = a.canClaim(c)
	case ActionUnassign:
		v = a.canUnassign(c)
	case ActionTransfer:
		v = a.canTransfer(c)
	case ActionTakeOver:
		v = a.canTakeOver(c)
	case ActionLeave:
		v = a.canLeave(c)
	case ActionClose:
		v = a.canClose(c)
	case ActionReopen:
		v = a.canReopen(c)
	case ActionMonitor:
		v = a.permit(c, PermMonitor, a.Relation(c))
	case ActionHandOff:
		v = a.canHandOff(c)
	case ActionReopenSend:
		v = a.canReopenAndReply(c)
	case ActionStartNew:
		v = a.canStartNew(c)
	case ActionReturn:
		v = a.canReturn(c)
	default:
		v = refuse(DeniedByState, InvalidInput)
	}
	v.Action = action
	return v
}

func allow() Verdict { return Verdict{Allowed: true} }

func refuse(reason DenialReason, code Code) Verdict { return Verdict{Reason: reason, Code: code} }

// because names the case of a refusal.
func (v Verdict) because(c Case) Verdict {
	v.Case = c
	return v
}

// permit is the plan and permission half of a verdict.
func (a Access) permit(c Conversation, action PermAction, relation Scope) Verdict {
	included := a.includes(FeatureOf(action)).Allowed
	if included && a.Scope(c.Kind, action) >= relation {
		return allow()
	}
	return a.lacks(c, action, relation)
}

// lacks is the refusal for want of a permission, or of a plan with it.
func (a Access) lacks(c Conversation, action PermAction, relation Scope) Verdict {
	if v := a.includes(FeatureOf(action)); !v.Allowed {
		return v
	}
	v := refuse(DeniedByPermission, PermissionDenied)
	v.Permission = Permission{c.Kind, action, relation}.String()
	return v
}

func (a Access) includes(f Feature) Verdict {
	if f == "" {
		return allow()
	}
	included, lowest := a.policy.Includes(a.Plan(), f)
	if included {
		return allow()
	}
	v := refuse(DeniedByPlan, PlanRequired)
	v.Feature, v.RequiredPlan = f, lowest
	return v
}

// permitSeen is permit for a conversation that the caller must also see.
func (a Access) permitSeen(c Conversation, action PermAction) Verdict {
	if v := a.permit(c, action, a.Relation(c)); !v.Allowed {
		return v
	}
	return a.canView(c)
}

// byPolicy reports whether plan or permission refuse, which no change of
// state mends.
func (v Verdict) byPolicy() bool {
	return v.Reason == DeniedByPlan || v.Reason == DeniedByPermission
}
