package authz

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"switchboard/inbox/workspace"
)

// Question is whether a role may do something on a plan. Action is that of a
// permission, such as transfer, a workspace action, such as teams.manage, or a plan
// feature, such as method.random. Only the first needs Kind and Scope: how far from
// the caller the conversation is, OWN for the caller's. Workspace actions do not
// depend on the plan, and features not on the role.
type Question struct {
	Plan   workspace.PlanName
	Role   workspace.RoleName
	Action string
	Kind   workspace.Kind
	Scope  workspace.Scope
}

// Line is a line of a policy file.
type Line struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Explanation is a verdict with its grounds.
type Explanation struct {
	Allowed bool `json:"allowed"`
	// Lines gave the verdict; none if a permission that no line gives is missing.
	Lines []Line `json:"lines"`
	// Changes are sentences, each about a change that would turn the verdict by itself,
	// except that a refusal by both plan and permission needs one of each.
	Changes []string `json:"changes"`
}

// ErrNotAsked is a question about a plan, role or action that the policy does not have.
var ErrNotAsked = errors.New("the policy does not know it")

// Explain asks Casbin, and says which line of the policy decided and what would change
// the verdict. The error wraps ErrNotAsked for an unknown word, which it names.
func (p *Policy) Explain(q Question) (Explanation, error) {
	if err := p.knows(q); err != nil {
		return Explanation{}, err
	}
	j, err := newEvaluator(p.source, p.source.lines(), p.table.planAllows)
	if err != nil {
		return Explanation{}, err
	}
	e := &explainer{p, j, q, Explanation{Allowed: true, Lines: []Line{}, Changes: []string{}}}
	switch {
	case slices.Contains(words(workspace.WorkspaceActions()), q.Action):
		err = e.duty()
	case slices.Contains(words(workspace.Features()), q.Action) && q.Scope == workspace.ScopeNone:
		err = e.feature(workspace.Feature(q.Action))
	default:
		err = e.permission()
	}
	return e.out, err
}

func (p *Policy) knows(q Question) error {
	actions := slices.Concat(words(workspace.PermActions()), words(workspace.WorkspaceActions()),
		words(workspace.Features()))
	for _, word := range []struct {
		what, word string
		known      []string
		optional   bool
	}{
		{"plan", string(q.Plan), namesOf(p.source.plans), slices.Contains(words(workspace.WorkspaceActions()), q.Action)},
		{"role", string(q.Role), namesOf(p.source.roles), slices.Contains(words(workspace.Features()),
			q.Action) && q.Scope == workspace.ScopeNone},
		{"action", q.Action, actions, false},
	} {
		if !slices.Contains(word.known, word.word) && (word.word != "" || !word.optional) {
			return fmt.Errorf("%w: there is no %s %q, only: %s", ErrNotAsked, word.what, word.word,
				strings.Join(word.known, ", "))
		}
	}
	return nil
}

// explainer works out one explanation.
type explainer struct {
	policy *Policy
	judge  *evaluator
	q      Question
	out    Explanation
}

func (e *explainer) because(r row) {
	e.out.Lines = append(e.out.Lines, Line{File: r.file, Line: r.line, Text: r.String()})
}

func (e *explainer) change(sentence string, args ...any) {
	e.out.Changes = append(e.out.Changes, fmt.Sprintf(sentence, args...))
}

// at names a line in a sentence.
func at(r row) string { return fmt.Sprintf("%s:%d", r.file, r.line) }

// rowOf finds the line that Casbin named.
func rowOf(lines []line, rule []string) (row, bool) {
	for _, l := range lines {
		if slices.Equal(l.fields, rule) {
			return l.row, true
		}
	}
	return row{}, false
}

// duty explains a workspace action.
func (e *explainer) duty() error {
	yes, rule, err := e.judge.explain("2", string(e.q.Role), e.q.Action)
	if err != nil {
		return err
	}
	if found, ok := rowOf(e.policy.source.workspace, rule); yes && ok {
		e.because(found)
		e.change("Remove %s.", at(found))
		return nil
	}
	e.out.Allowed = yes
	if !yes {
		e.change("Add to %s: p2, %s, %s", e.policy.source.folder.path(policyFile), e.q.Role, e.q.Action)
		e.roles(func(role workspace.RoleName) bool {
			return e.policy.table.workspace[roleAction{role, workspace.WorkspaceAction(e.q.Action)}]
		})
	}
	return nil
}

// feature explains what a plan includes.
func (e *explainer) feature(f workspace.Feature) error {
	yes, _, err := e.judge.explain("3", string(e.q.Plan), string(f))
	if err != nil {
		return err
	}
	if yes && !e.out.Allowed {
		return nil // it is not the plan that refuses
	}
	plans := namesOf(e.policy.source.plans)
	if e.policy.table.lowest[f] == "" {
		e.change("Add to %s: %s, %s", featuresFile, f, e.q.Plan)
	}
	for _, l := range e.policy.source.features {
		if l.fields[0] != string(f) {
			continue
		}
		e.because(l.row)
		above := slices.Index(plans, string(e.q.Plan)) + 1
		switch {
		case !yes:
			e.change("Move the workspace to the plan %s or a higher one.", e.policy.table.lowest[f])
			e.change("Write in %s the plan %s or a lower one, instead of %s.", at(l.row), e.q.Plan, l.fields[1])
		case above < len(plans):
			e.change("Write in %s the plan %s or a higher one, instead of %s: %s would not include it.", at(l.row),
				plans[above], l.fields[1], e.q.Plan)
		}
	}
	e.out.Allowed = yes
	return nil
}

// permission explains an action on a conversation: the role's lines, and the feature
// that the action needs.
func (e *explainer) permission() error {
	yes, rule, err := e.judge.explain("", string(e.q.Role), string(e.q.Plan), kindWord(e.q.Kind), e.q.Action,
		e.q.Scope.String())
	if err != nil {
		return err
	}
	if found, ok := rowOf(e.policy.source.grants, rule); ok {
		e.because(found)
	}
	e.out.Allowed = yes
	e.grants()
	if f := workspace.FeatureOf(workspace.PermAction(e.q.Action)); f != "" {
		if err := e.feature(f); err != nil {
			return err
		}
	}
	if !yes {
		if len(e.out.Changes) > 2 {
			e.out.Changes = append([]string{"Both the permission and the plan are missing: it takes a change of each."},
				e.out.Changes...)
		}
		e.roles(e.couldOnSomePlan)
	}
	return nil
}

// grants says what the lines of the role about the action would have to be.
func (e *explainer) grants() {
	reaching, narrow := []row{}, row{}
	for _, l := range e.policy.source.grants {
		about := l.fields[1] == anyKind || l.fields[1] == kindWord(e.q.Kind)
		if l.fields[0] != string(e.q.Role) || l.fields[2] != e.q.Action || !about {
			continue
		}
		if reaches(l.fields[3], e.q.Scope.String()) {
			reaching = append(reaching, l.row)
		} else {
			narrow = l.row
		}
	}
	switch {
	case len(reaching) > 0:
		if len(e.out.Lines) == 0 {
			e.because(reaching[0]) // the plan refused, and the line would have allowed
		}
		if e.out.Allowed {
			e.change("Remove %s%s.", list(reaching), narrowed(e.q.Scope))
		}
	case narrow.line > 0:
		e.because(narrow)
		e.change("Write in %s the scope %s, instead of %s.", at(narrow), e.q.Scope, narrow.fields[4])
	default:
		e.change("Add to %s: p, %s, %s, %s, %s", e.policy.source.folder.path(policyFile), e.q.Role,
			kindWord(e.q.Kind), e.q.Action, e.q.Scope)
	}
}

func list(rows []row) string {
	var all []string
	for _, r := range rows {
		all = append(all, at(r))
	}
	return strings.Join(all, " and ")
}

func narrowed(scope workspace.Scope) string {
	if scope == workspace.ScopeOwn {
		return ""
	}
	return ", or write a scope below " + scope.String() + " there"
}

// couldOnSomePlan reports whether a role reaches as far on the lowest plan that
// includes the action.
func (e *explainer) couldOnSomePlan(role workspace.RoleName) bool {
	plan := e.q.Plan
	action := workspace.PermAction(e.q.Action)
	if f := workspace.FeatureOf(action); f != "" && !e.policy.table.planAllows(string(plan), e.q.Action) {
		plan = e.policy.table.lowest[f]
	}
	return e.policy.table.scopes[planRole{plan, role, kindAction{e.q.Kind, action}}] >= e.q.Scope
}

// roles names those that can; none if the role asked about can, and lacks the plan.
func (e *explainer) roles(can func(workspace.RoleName) bool) {
	var able []string
	for _, role := range e.policy.Roles() {
		if can(role) {
			able = append(able, string(role))
		}
	}
	if len(able) > 0 && !slices.Contains(able, string(e.q.Role)) {
		e.change("Give the member one of the roles that can: %s.", strings.Join(able, ", "))
	}
}
