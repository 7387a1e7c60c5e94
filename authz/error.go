package authz

import (
	"fmt"
	"strings"
)

// PolicyError is a policy that cannot be used: where, why, and how to mend it.
type PolicyError struct {
	// File is the policy file at fault, with the folder when one was named.
	File string
	// Line counts from 1; 0 is the file as a whole.
	Line int
	// Problem is the mistake, and Mend the correction; both are sentences without
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
