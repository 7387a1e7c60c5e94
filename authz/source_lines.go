package authz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"switchboard/inbox/workspace"
)

const (
	grantExample     = "p, owner, *, view, ALL"
	workspaceExample = "p2, owner, teams.manage"
)

func (s *source) readFeatures() {
	plans := namesOf(s.plans)
	example := "transfer, " + plans[0]
	rows, ok := s.rows(featuresFile, example)
	if !ok {
		return
	}
	seen := map[string]row{}
	for _, r := range rows {
		s.note(s.addFeature(r, example, plans, seen))
	}
	for _, f := range workspace.Features() {
		if _, ok := seen[string(f)]; !ok && !slices.Contains(newFeatures(), f) {
			fix := fmt.Sprintf("Add %q with the lowest plan that includes it", fmt.Sprintf("%s, %s", f, plans[0]))
			s.note(s.wrong(featuresFile, fix, "The feature %q has no line", f))
		}
	}
}

func (s *source) addFeature(r row, example string, plans []string, seen map[string]row) error {
	if err := r.count(example, 0); err != nil {
		return err
	}
	if slices.Contains(retiredFeatures(), r.fields[0]) {
		return nil
	}
	if err := cmp.Or(r.expect(0, "feature", words(workspace.Features())), once(seen, r, r.fields[0])); err != nil {
		return err
	}
	s.features = append(s.features, line{r.fields, r})
	return r.expect(1, "plan of "+plansFile, plans)
}

func (s *source) readGrants() {
	rows, ok := s.rows(policyFile, grantExample)
	if !ok {
		return
	}
	seen := map[string]row{}
	for _, r := range rows {
		s.note(s.addGrant(r, seen))
	}
	isOwners := func(l line) bool { return l.fields[0] == string(workspace.RoleOwner) }
	if !slices.ContainsFunc(s.grants, isOwners) {
		s.note(s.wrong(policyFile, fmt.Sprintf("Add lines such as %q", grantExample), "The role %q holds nothing",
			workspace.RoleOwner))
	}
}

func (s *source) addGrant(r row, seen map[string]row) error {
	switch r.fields[0] {
	case "p":
		return s.addPermission(r, seen)
	case "p2":
		if err := r.count(workspaceExample, 0); err != nil {
			return err
		}
		s.workspace = append(s.workspace, line{r.fields[1:], r})
		return cmp.Or(s.declared(r), r.expect(2, "workspace action", words(workspace.WorkspaceActions())),
			once(seen, r, r.String()))
	default:
		return r.expect(0, "sort of line", []string{"p", "p2"})
	}
}

func (s *source) addPermission(r row, seen map[string]row) error {
	if err := r.count(grantExample, 0); err != nil {
		return err
	}
	err := cmp.Or(s.declared(r), r.expect(2, "kind of conversation", kindWords()), r.expect(4, "scope", scopeWords()))
	if slices.Contains(retiredActions(), r.fields[3]) {
		return err
	}
	s.grants = append(s.grants, line{r.fields[1:], r})
	return cmp.Or(err, r.expect(3, "action", words(workspace.PermActions())), once(seen, r,
		strings.Join(r.fields[:4], ", ")))
}

func (s *source) declared(r row) error {
	known := namesOf(s.roles)
	if slices.Contains(known, r.fields[1]) {
		return nil
	}
	fix := fmt.Sprintf("Add it to %s, or write one of: %s", rolesFile, strings.Join(known, ", "))
	return r.wrong(fix, "%q is no role of %s", r.fields[1], rolesFile)
}
