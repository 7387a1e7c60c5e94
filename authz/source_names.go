package authz

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"switchboard/inbox/workspace"
)

// Bounds that keep loading a policy a matter of seconds, and texts fit to be shown.
const (
	maxPlans            = 10
	maxRoles            = 30
	maxLabelRunes       = 60
	maxDescriptionRunes = 300
)

const (
	planExample = "free, Free"
	roleExample = "owner, Owner"
)

// called is a plan or a role: its name in the policy and what people call it.
type called struct {
	name, label, description string
	row                      row
}

func namesOf(all []called) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = one.name
	}
	return out
}

// readPlans reports whether the plans can be relied on by other files.
func (s *source) readPlans() (ok bool) {
	s.plans, ok = s.readNames(plansFile, "plan", planExample, maxPlans)
	return ok
}

// readRoles reports whether the roles can be relied on by other files.
func (s *source) readRoles() (ok bool) {
	if s.roles, ok = s.readNames(rolesFile, "role", roleExample, maxRoles); !ok {
		return false
	}
	for _, needed := range []workspace.RoleName{workspace.RoleOwner, workspace.RoleAIAgent, workspace.RoleIntegration} {
		if !slices.Contains(namesOf(s.roles), string(needed)) {
			ok = s.note(s.wrong(rolesFile, fmt.Sprintf("Add a line %q", needed),
				"There is no role %q, which the program gives out by itself", needed)) && ok
		}
	}
	return ok
}

// readNames reads a file with a name, a label and a description in each line. The last
// two may be left out; the label is the name then.
func (s *source) readNames(file, what, example string, most int) (out []called, ok bool) {
	rows, ok := s.rows(file, example)
	for i, r := range rows {
		if i == most {
			return out, s.note(r.wrong("Remove some", "There are more lines than the %d that a %s file may have", most, what))
		}
		one, err := r.called(what, example)
		if err == nil {
			err = distinct(one, out, what)
		}
		ok = s.note(err) && ok
		out = append(out, one)
	}
	return out, ok
}

func (r row) called(what, example string) (called, error) {
	if err := r.count(example[:strings.IndexByte(example, ',')], 3); err != nil {
		return called{row: r}, err
	}
	one := called{name: r.fields[0], label: r.fields[0], row: r}
	if len(r.fields) > 1 && r.fields[1] != "" {
		one.label = r.fields[1]
	}
	if len(r.fields) > 2 {
		one.description = r.fields[2]
	}
	if err := r.name(0, what); err != nil {
		return one, err
	}
	if err := r.text("label", one.label, maxLabelRunes); err != nil {
		return one, err
	}
	return one, r.text("description", one.description, maxDescriptionRunes)
}

// text demands that people can be shown a text in one line.
func (r row) text(what, text string, most int) error {
	// Joiners are letters to some scripts.
	shown := func(c rune) bool { return unicode.IsGraphic(c) || c == '\u200c' || c == '\u200d' }
	switch {
	case utf8.RuneCountInString(text) > most:
		return r.wrong("Shorten it", "The %s has more than %d characters", what, most)
	case strings.ContainsFunc(text, func(c rune) bool { return !shown(c) }):
		return r.wrong("Write letters, digits and signs only",
			"The %s %q has a character that cannot be shown in a line", what, text)
	}
	return nil
}

// distinct refuses a name twice, and a label that would make people take one for the
// other.
func distinct(one called, others []called, what string) error {
	for _, other := range others {
		switch {
		case one.name == other.name:
			return one.row.wrong("Remove one of the two lines", "The %s %q stands here twice", what, one.name)
		case strings.EqualFold(one.label, other.label):
			return one.row.wrong("Give one of the two another label", "The %ss %q and %q are both called %q", what,
				other.name, one.name, one.label)
		}
	}
	return nil
}
