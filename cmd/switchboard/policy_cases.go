package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"switchboard/authz"
	"switchboard/authz/truth"
)

type policyTestCommand struct {
	File string `arg:"" help:"Table of decisions: CSV with a heading such as plan,role,action,verdict."`
	JSON bool   `help:"Print JSON." name:"json"`

	policySettings `embed:""`
}

// tested is the result of a table.
type tested struct {
	Cases    int        `json:"cases"`
	Failures []mismatch `json:"failures"`
}

// mismatch is a line whose answer is another than the expected.
type mismatch struct {
	truth.Case
	Got truth.Answer `json:"got"`
}

// Run compares each line. A line that the policy answers otherwise is an error, after
// all of them were asked.
func (c *policyTestCommand) Run(in *invocation) error {
	policy, err := c.load(in)
	if err != nil {
		return err
	}
	cases, err := c.read()
	if err != nil {
		return fail(exitUsage, err)
	}
	out := tested{len(cases), []mismatch{}}
	for _, one := range cases {
		got, err := c.ask(one, policy)
		if err != nil {
			return fail(exitUsage, c.at(err))
		}
		if !got.Meets(one.Answer) {
			out.Failures = append(out.Failures, mismatch{one, got})
		}
	}
	if c.JSON {
		return errors.Join(printJSON(in.stdout, out), out.failed(c.File))
	}
	return errors.Join(out.print(in.stdout, c.File), out.failed(c.File))
}

func (c *policyTestCommand) read() ([]truth.Case, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("the table cannot be read; name a CSV file: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	cases, err := truth.Read(file)
	return cases, c.at(err)
}

// at names the file before the line.
func (c *policyTestCommand) at(err error) error {
	var wrong *truth.Error
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s:%d: %s", c.File, wrong.Line, wrong.Problem)
	}
	return err
}

// ask puts a line to the policy of the settings, or to the preset that the line names.
func (c *policyTestCommand) ask(one truth.Case, policy *authz.Authorizer) (truth.Answer, error) {
	if one.Policy != "" {
		if !slices.Contains(authz.Presets(), one.Policy) {
			return truth.Answer{}, &truth.Error{Line: one.Line,
				Problem: fmt.Sprintf("There is no preset %q. Write nothing, or one of: %s.", one.Policy, strings.Join(authz.Presets(), ", "))}
		}
		preset, err := authz.Preset(one.Policy)
		if err != nil {
			return truth.Answer{}, err
		}
		policy = authz.New(preset)
	}
	if err := one.Check(policy); err != nil {
		return truth.Answer{}, err
	}
	return one.Ask(policy)
}

func (t tested) print(w io.Writer, file string) error {
	text := ""
	for _, f := range t.Failures {
		text += fmt.Sprintf("%s:%d: %s: expected %s, got %s\n", file, f.Line, f.question(), f.Answer, f.Got)
	}
	text += fmt.Sprintf("%d of %d decisions are as expected.\n", t.Cases-len(t.Failures), t.Cases)
	_, err := io.WriteString(w, text)
	return err
}

// question is the line without its answer.
func (m mismatch) question() string {
	asked := []string{m.Plan, m.Role, m.Action, strings.ToLower(m.Kind), m.Relation, m.Rule}
	return strings.Join(slices.DeleteFunc(asked, func(word string) bool { return word == "" }), " ")
}

func (t tested) failed(file string) error {
	if len(t.Failures) == 0 {
		return nil
	}
	return fail(exitPolicyInvalid, fmt.Errorf("the policy does not decide as %s says, in %d of %d lines", file,
		len(t.Failures), t.Cases))
}
