// Package truth reads tables of decisions that a policy is expected to make, and asks
// the policy. Its own presets are tested by such a table, and so can be any other.
package truth

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"switchboard/inbox/workspace"
)

// Case is one line of a table: a question and the answer that is expected. Empty is a
// column that was left out.
type Case struct {
	// Line counts from 1.
	Line int `json:"line"`
	// Policy names the preset that the line is about; empty for the policy under test.
	Policy string `json:"policy,omitempty"`
	Plan   string `json:"plan,omitempty"`
	// Role is a role of the policy; several are joined by +. Without one, Action is a
	// feature of the plan.
	Role string `json:"role,omitempty"`
	// Action is one of the API, such as TRANSFER, which the rules of the workspace decide
	// too; or that of a permission, such as transfer; or a workspace action.
	Action string `json:"action"`
	// Kind and Relation describe the conversation; see Relations.
	Kind     string `json:"kind,omitempty"`
	Relation string `json:"relation,omitempty"`
	// Rule is a workspace rule that differs from the default, such as closeActor=ANY.
	Rule string `json:"rule,omitempty"`
	Answer
}

// Answer is what the policy says, or is expected to say.
type Answer struct {
	// Verdict is allow or deny.
	Verdict string `json:"verdict"`
	// Reason is why not, such as PLAN or PERMISSION, and Needs what is missing: the plan,
	// the permission, or the action to do first.
	Reason string `json:"reason,omitempty"`
	Needs  string `json:"needs,omitempty"`
}

// Meets reports whether an answer is as expected. A reason and a need that the table
// leaves out may be any.
func (a Answer) Meets(want Answer) bool {
	same := func(got, want string) bool { return want == "" || got == want }
	return a.Verdict == want.Verdict && same(a.Reason, want.Reason) && same(a.Needs, want.Needs)
}

// String gives allow, or deny with the reason and what is missing.
func (a Answer) String() string {
	return strings.TrimRight(strings.Join([]string{a.Verdict, a.Reason, a.Needs}, " "), " ")
}

// Error is a table that cannot be read: the line, the mistake and its correction.
type Error struct {
	Line    int    `json:"line"`
	Problem string `json:"problem"`
}

// Error gives both.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Problem) }

func wrong(line int, problem string, args ...any) *Error {
	return &Error{line, fmt.Sprintf(problem, args...)}
}

const example = "plan,role,action,kind,relation,verdict"

// columns sets each field of a case by the heading of its column.
func columns() map[string]func(*Case) *string {
	return map[string]func(*Case) *string{
		"policy": func(c *Case) *string { return &c.Policy }, "plan": func(c *Case) *string { return &c.Plan },
		"role": func(c *Case) *string { return &c.Role }, "action": func(c *Case) *string { return &c.Action },
		"kind": func(c *Case) *string { return &c.Kind }, "relation": func(c *Case) *string { return &c.Relation },
		"rule": func(c *Case) *string { return &c.Rule }, "verdict": func(c *Case) *string { return &c.Verdict },
		"reason": func(c *Case) *string { return &c.Reason }, "needs": func(c *Case) *string { return &c.Needs },
	}
}

// Read reads a table: CSV whose first line names the columns, of which action and
// verdict are needed. Blank lines and lines that begin with # are skipped, and so is a
// byte order mark. The error is an *Error.
func Read(from io.Reader) ([]Case, error) {
	data, err := io.ReadAll(from)
	if err != nil {
		return nil, wrong(1, "The table cannot be read (%v). Let the program read it.", err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	var set []func(*Case) *string
	var out []Case
	for {
		fields, err := r.Read()
		switch at := (*csv.ParseError)(nil); {
		case errors.Is(err, io.EOF) && len(out) == 0:
			return nil, wrong(1, "The table has no line to ask. Write a heading such as %s and lines below it.", example)
		case errors.Is(err, io.EOF):
			return out, nil
		case errors.As(err, &at):
			return nil, wrong(at.Line, "This is not CSV (%v). Write fields between commas.", at.Err)
		}
		line, _ := r.FieldPos(0)
		if strings.Trim(strings.Join(fields, ""), " \t") == "" || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if set == nil {
			set, err = heading(line, fields)
		} else {
			var c Case
			c, err = caseOf(line, fields, set)
			out = append(out, c)
		}
		if err != nil {
			return nil, err
		}
	}
}

func heading(line int, fields []string) (set []func(*Case) *string, err error) {
	known := columns()
	named := map[string]bool{}
	for _, field := range fields {
		name := strings.ToLower(strings.TrimSpace(field))
		column := known[name]
		if column == nil && name != "" || named[name] {
			return nil, wrong(line, "There is no column %q, or it stands there twice. The columns are: %s.", name,
				strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		named[name] = true
		set = append(set, column)
	}
	if !named["action"] || !named["verdict"] {
		return nil, wrong(line, "The columns action and verdict are needed. Write a heading such as %s.", example)
	}
	return set, nil
}

func caseOf(line int, fields []string, set []func(*Case) *string) (Case, error) {
	c := Case{Line: line}
	for i, field := range fields {
		field = strings.TrimSpace(field)
		switch {
		case i < len(set) && set[i] != nil:
			*set[i](&c) = field
		case field != "":
			return c, wrong(line, "The line has more fields than the heading.")
		}
	}
	c.Verdict, c.Kind = strings.ToLower(c.Verdict), strings.ToUpper(c.Kind)
	switch {
	case c.Verdict != "allow" && c.Verdict != "deny":
		return c, wrong(line, "%q is no verdict. Write allow or deny.", c.Verdict)
	case c.Kind != "" && !slices.Contains(workspace.Kinds(), workspace.Kind(c.Kind)):
		return c, wrong(line, "%q is no kind of conversation. Write livechat or ticket.", strings.ToLower(c.Kind))
	}
	return c, nil
}
