package authz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"switchboard/inbox/workspace"
)

// Bounds that keep loading a policy a matter of seconds.
const (
	maxPlans = 10
	maxRoles = 30
)

// source is the content of a policy's files, with every word checked.
type source struct {
	folder    folder
	model     string
	plans     []string
	roles     []string
	features  [][]string // feature, lowest plan
	grants    [][]string // role, kind, action, scope
	workspace [][]string // role, workspace action
}

func readSource(f folder) (*source, error) {
	s := &source{folder: f}
	for _, step := range []func() error{s.readModel, s.readPlans, s.readFeatures, s.readRoles, s.readGrants} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *source) readModel() error {
	text, err := s.folder.read(modelFile)
	s.model = string(text)
	return err
}

func (s *source) readPlans() error {
	rows, err := s.folder.rows(plansFile, planExample)
	if err != nil {
		return err
	}
	s.plans, err = names(rows, "plan", planExample, maxPlans)
	return err
}

func (s *source) readRoles() error {
	rows, err := s.folder.rows(rolesFile, roleExample)
	if err != nil {
		return err
	}
	if s.roles, err = names(rows, "role", roleExample, maxRoles); err != nil {
		return err
	}
	for _, needed := range []workspace.RoleName{workspace.RoleOwner, workspace.RoleAIAgent, workspace.RoleIntegration} {
		if !slices.Contains(s.roles, string(needed)) {
			return s.wrong(rolesFile, fmt.Sprintf("Add a line %q", needed), "There is no role %q, which the program gives out by itself", needed)
		}
	}
	return nil
}

// names reads a file of one name a line, each once.
func names(rows []row, what, example string, most int) ([]string, error) {
	var out []string
	for _, r := range rows {
		if err := r.count(example); err != nil {
			return nil, err
		}
		if err := r.name(0, what); err != nil {
			return nil, err
		}
		if slices.Contains(out, r.fields[0]) {
			return nil, r.wrong("Remove one of the two lines", "The %s %q stands here twice", what, r.fields[0])
		}
		if len(out) == most {
			return nil, r.wrong("Remove some", "There are more lines than the %d that a %s file may have", most, what)
		}
		out = append(out, r.fields[0])
	}
	return out, nil
}

func (s *source) readFeatures() error {
	rows, err := s.folder.rows(featuresFile, "transfer, "+s.plans[0])
	if err != nil {
		return err
	}
	seen := map[string]row{}
	for _, r := range rows {
		if err := r.count("transfer, " + s.plans[0]); err != nil {
			return err
		}
		if slices.Contains(retiredFeatures(), r.fields[0]) {
			continue
		}
		err := cmp.Or(r.expect(0, "feature", words(workspace.Features())),
			r.expect(1, "plan of "+plansFile, s.plans), once(seen, r, r.fields[0]))
		if err != nil {
			return err
		}
		s.features = append(s.features, r.fields)
	}
	for _, f := range workspace.Features() {
		if _, ok := seen[string(f)]; !ok {
			mend := fmt.Sprintf("Add %q with the lowest plan that includes it", fmt.Sprintf("%s, %s", f, s.plans[0]))
			return s.wrong(featuresFile, mend, "The feature %q has no line", f)
		}
	}
	return nil
}

func (s *source) readGrants() error {
	rows, err := s.folder.rows(policyFile, grantExample)
	if err != nil {
		return err
	}
	seen := map[string]row{}
	for _, r := range rows {
		if err := s.addGrant(r, seen); err != nil {
			return err
		}
	}
	isOwners := func(grant []string) bool { return grant[0] == string(workspace.RoleOwner) }
	if !slices.ContainsFunc(s.grants, isOwners) {
		return s.wrong(policyFile, fmt.Sprintf("Add lines such as %q", grantExample), "The role %q holds nothing", workspace.RoleOwner)
	}
	return nil
}

// wrong blames a file as a whole.
func (s *source) wrong(file, mend, problem string, args ...any) *PolicyError {
	return &PolicyError{File: s.folder.path(file), Problem: fmt.Sprintf(problem, args...), Fix: mend}
}

const (
	planExample      = "free"
	roleExample      = "owner"
	grantExample     = "p, owner, *, view, ALL"
	workspaceExample = "p2, owner, teams.manage"
)

func (s *source) addGrant(r row, seen map[string]row) error {
	switch r.fields[0] {
	case "p":
		if err := r.count(grantExample); err != nil {
			return err
		}
		if slices.Contains(retiredActions(), r.fields[3]) {
			return cmp.Or(s.declared(r), r.expect(2, "kind of conversation", kindWords()), r.expect(4, "scope", scopeWords()))
		}
		s.grants = append(s.grants, r.fields[1:])
		return cmp.Or(s.declared(r), r.expect(2, "kind of conversation", kindWords()),
			r.expect(3, "action", words(workspace.PermActions())), r.expect(4, "scope", scopeWords()),
			once(seen, r, r.fields[:4]...))
	case "p2":
		if err := r.count(workspaceExample); err != nil {
			return err
		}
		s.workspace = append(s.workspace, r.fields[1:])
		return cmp.Or(s.declared(r), r.expect(2, "workspace action", words(workspace.WorkspaceActions())),
			once(seen, r, r.fields...))
	default:
		return r.expect(0, "sort of line", []string{"p", "p2"})
	}
}

func (s *source) declared(r row) error {
	if slices.Contains(s.roles, r.fields[1]) {
		return nil
	}
	mend := fmt.Sprintf("Add it to %s, or write one of: %s", rolesFile, strings.Join(s.roles, ", "))
	return r.wrong(mend, "%q is no role of %s", r.fields[1], rolesFile)
}

// once refuses a second line about the same thing, because a change of only one of
// them would have no effect.
func once(seen map[string]row, r row, about ...string) error {
	key := strings.Join(about, ", ")
	if first, twice := seen[key]; twice {
		return r.wrong("Keep one of the two", "Line %d is about %q already", first.line, key)
	}
	seen[key] = r
	return nil
}
