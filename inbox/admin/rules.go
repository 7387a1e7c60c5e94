package admin

import (
	"context"
	"fmt"
	"reflect"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// UpdateRules changes the rules of the caller's workspace, which needs
// workspace.manage. edit receives the present rules and changes them. A method that
// the plan does not include is PLAN_REQUIRED. B:Q9.
func (s *Service) UpdateRules(ctx context.Context, p inbox.Principal, edit func(*workspace.Rules)) (workspace.Workspace, []inbox.Warning, error) {
	done, err := s.administer(ctx, p, act{name: "updateRules", decide: func(a access.Access) (Amendment, error) { return updateRules(a, edit) }})
	if err != nil {
		return workspace.Workspace{}, nil, err
	}
	return *done.Workspace, nil, nil
}

func updateRules(a access.Access, edit func(*workspace.Rules)) (Amendment, error) {
	if err := a.Require(workspace.WorkspaceManage); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	edit(&w.Rules)
	if err := checkRules(a, w.Rules); err != nil && w.Rules != a.Rules() {
		return Amendment{}, err
	}
	return amendWorkspace(a, audit.AuditRulesUpdate, workspaceTarget(w), w, ruleFields(a.Rules(), w.Rules)), nil
}

// ruleFields goes by the names of the rules, so that none can be forgotten.
func ruleFields(before, after workspace.Rules) auditFields {
	var f auditFields
	from, to := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range from.NumField() {
		f.text(from.Type().Field(i).Name, fmt.Sprint(from.Field(i)), fmt.Sprint(to.Field(i)))
	}
	return f
}

func checkRules(a access.Access, r workspace.Rules) error {
	if err := ValidateRules(r); err != nil {
		return err
	}
	before := a.Rules()
	if r.Method != before.Method {
		if err := a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeatureOfMethod(r.Method))); err != nil {
			return err
		}
	}
	if r.FeatureOfAcceptance() != before.FeatureOfAcceptance() {
		if err := a.Refusal(inbox.Conversation{}, a.Includes(r.FeatureOfAcceptance())); err != nil {
			return err
		}
	}
	if r.Reclaiming() == before.Reclaiming() {
		return nil
	}
	return a.Refusal(inbox.Conversation{}, a.Includes(r.FeatureOfReclaim()))
}
