package authz

import (
	"errors"
	"fmt"

	"switchboard/inbox/workspace"
)

// planRole is one that the table has an answer to.
type planRole struct {
	plan workspace.PlanName
	role workspace.RoleName
	kindAction
}

// kindAction is an action on a kind of conversation.
type kindAction struct {
	kind   workspace.Kind
	action workspace.PermAction
}

func allKindActions() []kindAction {
	var out []kindAction
	for _, kind := range workspace.Kinds() {
		for _, action := range workspace.PermActions() {
			out = append(out, kindAction{kind, action})
		}
	}
	return out
}

// roleAction is an action on the workspace, of a role.
type roleAction struct {
	role   workspace.RoleName
	action workspace.WorkspaceAction
}

// planFeature is a feature, of a plan.
type planFeature struct {
	plan    workspace.PlanName
	feature workspace.Feature
}

// table holds Casbin's answers. It is never written to once it was made.
type table struct {
	plans     []workspace.Plan
	scopes    map[planRole]workspace.Scope
	workspace map[roleAction]bool
	offers    map[planFeature]bool
	lowest    map[workspace.Feature]workspace.PlanName
}

// decide asks Casbin everything that the policy can be asked.
func decide(s *source) (*table, error) {
	t := &table{
		scopes: map[planRole]workspace.Scope{}, workspace: map[roleAction]bool{},
		offers: map[planFeature]bool{}, lowest: map[workspace.Feature]workspace.PlanName{},
	}
	for i, plan := range s.plans {
		t.plans = append(t.plans, workspace.Plan{Name: workspace.PlanName(plan.name), Rank: i, Label: plan.label,
			Description: plan.description})
	}
	j, err := newEvaluator(s, s.lines(), t.planAllows)
	if err != nil {
		return nil, err
	}
	// Features come first: planAllows reads them.
	for _, step := range []func(*evaluator) error{t.askFeatures, t.askStranger} {
		if err := step(j); err != nil {
			return nil, err
		}
	}
	for _, role := range s.roles {
		if err := t.askRole(j, workspace.RoleName(role.name)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// lines are all lines of the policy by the sort that Casbin knows them by.
func (s *source) lines() map[string][][]string {
	return map[string][][]string{"p": rules(s.grants), "p2": rules(s.workspace), "p3": rules(s.features),
		"g": ladder(namesOf(s.plans))}
}

// ladder grants each plan the features of every plan below it. Each pair is listed
// because Casbin silently stops after a chain of ten steps.
func ladder(plans []string) [][]string {
	var steps [][]string
	for i, plan := range plans {
		for _, below := range plans[:i] {
			steps = append(steps, []string{plan, below})
		}
	}
	return steps
}

// planAllows reports whether plan includes the feature that action needs.
func (t *table) planAllows(plan, action string) bool {
	feature := workspace.FeatureOf(workspace.PermAction(action))
	return feature == "" || t.offers[planFeature{workspace.PlanName(plan), feature}]
}

func (t *table) askFeatures(j *evaluator) error {
	for _, f := range workspace.Features() {
		for _, plan := range t.plans {
			yes, err := j.ask("3", string(plan.Name), string(f))
			if err != nil {
				return err
			}
			if _, before := t.lowest[f]; before && !yes {
				return j.wrong("m3", fmt.Errorf("the plan %q loses the feature %q that a lower one has", plan.Name, f))
			}
			if _, before := t.lowest[f]; yes && !before {
				t.lowest[f] = plan.Name
			}
			t.offers[planFeature{plan.Name, f}] = yes
		}
	}
	return nil
}

// askStranger makes sure that the model does not simply say yes.
func (t *table) askStranger(j *evaluator) error {
	top := string(t.plans[len(t.plans)-1].Name)
	one, err := j.ask("", "", top, kindWord(workspace.Livechat), string(workspace.PermView), workspace.ScopeOwn.String())
	if err != nil {
		return err
	}
	two, err := j.ask("2", "", string(workspace.WorkspaceManage))
	if err != nil {
		return err
	}
	if one || two {
		return j.wrong("", errors.New("it grants something to a role that does not exist"))
	}
	return nil
}

func (t *table) askRole(j *evaluator, role workspace.RoleName) error {
	for _, action := range workspace.WorkspaceActions() {
		yes, err := j.ask("2", string(role), string(action))
		if err != nil {
			return err
		}
		t.workspace[roleAction{role, action}] = yes
	}
	for _, plan := range t.plans {
		for _, d := range allKindActions() {
			scope, err := j.widest(plan.Name, role, d)
			if err != nil {
				return err
			}
			t.scopes[planRole{plan.Name, role, d}] = scope
		}
	}
	return nil
}

// widest asks for every scope and keeps the widest that is granted.
func (j *evaluator) widest(plan workspace.PlanName, role workspace.RoleName, d kindAction) (workspace.Scope, error) {
	widest := workspace.ScopeNone
	for _, scope := range scopes() {
		yes, err := j.ask("", string(role), string(plan), kindWord(d.kind), string(d.action), scope.String())
		switch {
		case err != nil:
			return workspace.ScopeNone, err
		case !yes && widest > workspace.ScopeNone:
			return workspace.ScopeNone, j.wrong("m", fmt.Errorf("%s has %s at %s but not at %s", role, d.action, widest, scope))
		case yes:
			widest = max(widest, scope)
		}
	}
	return widest, nil
}
