package authz

import (
	"errors"
	"fmt"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"switchboard/inbox/workspace"
)

// evaluator puts questions to one Casbin enforcer. It is used while a table is
// made and then dropped; it is not safe for concurrent use.
type evaluator struct {
	enforcer *casbin.Enforcer
	folder   folder
	text     string
}

// newEvaluator makes an enforcer from the model of s and from lines, keyed by
// their sort: p, p2, p3 or g. planAllows serves the matcher's function of
// that name.
func newEvaluator(s *source, lines map[string][][]string, planAllows func(plan, action string) bool) (*evaluator, error) {
	j := &evaluator{folder: s.folder, text: s.model}
	m, err := model.NewModelFromString(s.model)
	if err != nil {
		return nil, j.wrong("", err)
	}
	if err := j.checkShape(m); err != nil {
		return nil, err
	}
	for sort, rules := range lines {
		if err := m.AddPolicies(sort[:1], sort, rules); err != nil {
			return nil, j.wrong(sort, err)
		}
	}
	if j.enforcer, err = casbin.NewEnforcer(m); err != nil {
		return nil, j.wrong("", err)
	}
	j.enforcer.AddFunction("reaches", twoWords(reaches))
	j.enforcer.AddFunction("planAllows", twoWords(planAllows))
	if err := j.enforcer.BuildRoleLinks(); err != nil {
		return nil, j.wrong("g", err)
	}
	return j, nil
}

// reaches reports whether the scope granted covers the scope asked for.
func reaches(granted, asked string) bool {
	g, _ := workspace.ParseScope(granted)
	a, ok := workspace.ParseScope(asked)
	return ok && g >= a
}

// twoWords makes a function of a matcher of f.
func twoWords(f func(a, b string) bool) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		if len(args) == 2 {
			a, first := args[0].(string)
			b, second := args[1].(string)
			if first && second {
				return f(a, b), nil
			}
		}
		return false, errors.New("the function takes two words")
	}
}

// ask puts question number "", "2" or "3" of the model.
func (j *evaluator) ask(number string, words ...any) (bool, error) {
	yes, err := j.enforcer.Enforce(append([]any{casbin.NewEnforceContext(number)}, words...)...)
	if err != nil {
		return false, j.wrong("m"+number, err)
	}
	return yes, nil
}

// explain is ask with the line that Casbin found, nil for none.
func (j *evaluator) explain(number string, words ...any) (yes bool, rule []string, err error) {
	yes, rule, err = j.enforcer.EnforceEx(append([]any{casbin.NewEnforceContext(number)}, words...)...)
	if err != nil {
		return false, nil, j.wrong("m"+number, err)
	}
	return yes, rule, nil
}

// wrong blames the line of the model that defines key; the whole file when
// there is none.
func (j *evaluator) wrong(key string, err error) *PolicyError {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return &PolicyError{
		File: j.folder.path(modelFile), Line: lineOf(j.text, key),
		Problem: fmt.Sprintf("Casbin cannot work with the model (%s)", first), Fix: "Compare it with the model of a preset",
	}
}

func lineOf(text, key string) int {
	for i, line := range strings.Split(text, "\n") {
		name, _, found := strings.Cut(line, "=")
		if found && key != "" && strings.TrimSpace(name) == key {
			return i + 1
		}
	}
	return 0
}

// checkShape demands the three questions: Casbin itself would find out in
// the middle of one.
func (j *evaluator) checkShape(m model.Model) error {
	sizes := map[string]int{"r": 5, "r2": 2, "r3": 2, "p": 4, "p2": 2, "p3": 2}
	for _, key := range []string{"r", "r2", "r3", "p", "p2", "p3", "g", "e", "e2", "e3", "m", "m2", "m3"} {
		found := m[key[:1]][key]
		if found == nil {
			return j.wrong("", fmt.Errorf("%q is not defined", key))
		}
		if want := sizes[key]; want > 0 && len(found.Tokens) != want {
			return j.wrong(key, fmt.Errorf("%q has %d fields and needs %d", key, len(found.Tokens), want))
		}
	}
	return nil
}
