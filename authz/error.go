package authz

import (
	"errors"
	"fmt"
	"strings"
)

// PolicyError is a policy that cannot be used: where, why, and how to mend it.
type PolicyError struct {
	// File is the policy file at fault, with the folder when one was named.
	File string
	// Line counts from 1; 0 is the file as a whole.
	Line int
	// Problem is the mistake, and Fix the correction; both are sentences without
	// the final stop.
	Problem string
	Fix     string
}

// Error gives all four, such as "policy.csv:7: "trasnfer" is no action. Write
// one of: view, reply."
func (e *PolicyError) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return fmt.Sprintf("%s: %s. %s.", at, e.Problem, e.Fix)
}

func oneOf(words []string) string { return "Write one of: " + strings.Join(words, ", ") }

// PolicyErrors are all mistakes of a policy that has several, in the order of the files.
type PolicyErrors []*PolicyError

// Error gives one line for each.
func (e PolicyErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each.
func (e PolicyErrors) Unwrap() []error {
	out := make([]error, len(e))
	for i, one := range e {
		out[i] = one
	}
	return out
}

// Problems lists the mistakes that err stands for; nil for an error of another kind.
func Problems(err error) []*PolicyError {
	var many PolicyErrors
	var one *PolicyError
	switch {
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return []*PolicyError{one}
	}
	return nil
}

// join is nil for no mistake, and the mistake itself for one.
func join(all []*PolicyError) error {
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return PolicyErrors(all)
}
