package authz

import (
	"crypto/sha256"
	"errors"
	"fmt"
)

// source is the content of a policy's files, with every word checked.
type source struct {
	folder    folder
	model     string
	plans     []called
	roles     []called
	features  []line // feature, lowest plan
	grants    []line // role, kind, action, scope
	workspace []line // role, workspace action
	// problems are the mistakes found so far.
	problems []*PolicyError
}

// line is a line of a policy file as Casbin is given it.
type line struct {
	fields []string
	row    row
}

// rules are the lines as Casbin takes them.
func rules(lines []line) [][]string {
	out := make([][]string, len(lines))
	for i, l := range lines {
		out[i] = l.fields
	}
	return out
}

// readSource reads all files. A file that names the plans or roles of another one is
// passed over if that one is wrong: its own mistakes could not be distinguished from
// what follows from those.
func readSource(f folder) (*source, error) {
	s := &source{folder: f}
	s.readModel()
	if s.readPlans() {
		s.readFeatures()
	}
	if s.readRoles() {
		s.readGrants()
	}
	return s, join(s.problems)
}

// note keeps a mistake, and reports whether there was none.
func (s *source) note(err error) bool {
	if err == nil {
		return true
	}
	wrong := (*PolicyError)(nil)
	if !errors.As(err, &wrong) {
		wrong = &PolicyError{File: s.folder.name, Problem: fmt.Sprintf("The policy cannot be read (%v)", err),
			Fix: "Report this"}
	}
	s.problems = append(s.problems, wrong)
	return false
}

// wrong blames a file as a whole.
func (s *source) wrong(file, fix, problem string, args ...any) *PolicyError {
	return &PolicyError{File: s.folder.path(file), Problem: fmt.Sprintf(problem, args...), Fix: fix}
}

// rows reads a CSV file; ok is false if that was not possible.
func (s *source) rows(file, example string) (rows []row, ok bool) {
	rows, err := s.folder.rows(file, example)
	return rows, s.note(err)
}

func (s *source) readModel() {
	text, err := s.folder.read(modelFile)
	s.note(err)
	s.model = string(text)
}

// once refuses a second line about the same thing, because a change of only one of
// them would have no effect.
func once(seen map[string]row, r row, about string) error {
	if first, twice := seen[about]; twice {
		return r.wrong("Keep one of the two", "Line %d is about %q already", first.line, about)
	}
	seen[about] = r
	return nil
}

// fingerprint distinguishes the contents of a folder of policy files. It is the same
// for files that are the same byte for byte, and also for files that cannot be read in
// the same way.
type fingerprint [sha256.Size]byte

// fingerprint reads all files, at most 1 MiB of each.
func (f folder) fingerprint() fingerprint {
	sum := sha256.New()
	for _, name := range fileNames() {
		data, err := f.read(name)
		fmt.Fprintf(sum, "%s %d %v\n", name, len(data), err)
		sum.Write(data)
	}
	return fingerprint(sum.Sum(nil))
}
