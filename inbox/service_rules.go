package inbox

import "context"

// UpdateRules changes the rules of the caller's workspace, which needs
// workspace.manage. edit gets the rules as they are and changes what it wants.
// A method that the plan does not include is PLAN_REQUIRED. B:Q9.
func (s *Service) UpdateRules(ctx context.Context, p Principal, edit func(*Rules)) (Workspace, []Warning, error) {
	var saved Workspace
	err := s.editDirectory(ctx, p, func(a Access) (DirectoryChange, error) {
		if err := a.Require(WorkspaceManage); err != nil {
			return DirectoryChange{}, err
		}
		saved = a.Directory.Workspace
		rules := saved.Rules
		edit(&rules)
		if rules == saved.Rules {
			return DirectoryChange{}, nil
		}
		if err := a.checkRules(rules); err != nil {
			return DirectoryChange{}, err
		}
		saved.Rules = rules
		saved.Rev++
		return DirectoryChange{Workspace: &saved}, nil
	})
	return saved, saved.Rules.notInEffect(), err
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

// notInEffect warns of rules that are stored for what is not built yet.
func (r Rules) notInEffect() []Warning {
	if r.TransferAcceptance == TransferOffered || r.ReclaimAfter > 0 {
		return []Warning{WarnNotInEffect}
	}
	return nil
}
