package inbox

import (
	"context"
	"fmt"
	"reflect"
)

// UpdateRules changes the rules of the caller's workspace, which needs
// workspace.manage. edit receives the present rules and changes them. A method that
// the plan does not include is PLAN_REQUIRED. B:Q9.
func (s *Service) UpdateRules(ctx context.Context, p Principal, edit func(*Rules)) (Workspace, []Warning, error) {
	done, err := s.administer(ctx, p, act{name: "updateRules", decide: func(a Access) (Amendment, error) { return a.updateRules(edit) }})
	if err != nil {
		return Workspace{}, nil, err
	}
	return *done.Workspace, done.Workspace.Rules.notInEffect(), nil
}

func (a Access) updateRules(edit func(*Rules)) (Amendment, error) {
	if err := a.Require(WorkspaceManage); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	edit(&w.Rules)
	if err := a.checkRules(w.Rules); err != nil && w.Rules != a.Rules() {
		return Amendment{}, err
	}
	return a.amendWorkspace(AuditRulesUpdate, workspaceTarget(w), w, ruleFields(a.Rules(), w.Rules)), nil
}

// ruleFields goes by the names of the rules, so that none can be forgotten.
func ruleFields(before, after Rules) auditFields {
	var f auditFields
	from, to := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range from.NumField() {
		f.text(from.Type().Field(i).Name, fmt.Sprint(from.Field(i)), fmt.Sprint(to.Field(i)))
	}
	return f
}

func (a Access) checkRules(r Rules) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if r.Method == a.Rules().Method {
		return nil
	}
	return a.Refusal(Conversation{}, a.includes(FeatureOfMethod(r.Method)))
}

// notInEffect warns of rules that are stored but not implemented yet.
func (r Rules) notInEffect() []Warning {
	if r.TransferAcceptance == TransferOffered || r.ReclaimAfter > 0 {
		return []Warning{WarnNotInEffect}
	}
	return nil
}
