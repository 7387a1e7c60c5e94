// Package contract reads what the directives of graph/schema say of a field: its
// cost, the callers that it is open to, whether subscribers share it, and what it
// needs, answers and accepts. The directives are declared, and explained for
// partners, in graph/schema/contract.graphqls.
//
// The program reads them once, at the start, from the schema that it serves.
// Nothing is executed for them. A field without a directive stays closed, is not
// shared and costs nothing of its own.
package contract

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Directives that mark a field and take no arguments.
const (
	// ForContacts opens a field to contact tokens.
	ForContacts = "forContacts"
	// ForIntegrations opens a field to API keys that read nothing.
	ForIntegrations = "forIntegrations"
	// Shared is a field of a subscription with one value for all subscribers of a
	// visibility class, PerStanding one whose value depends also on what the subscriber is to
	// the conversation, and PerCaller one with a value for each.
	Shared      = "shared"
	PerStanding = "perStanding"
	PerCaller   = "perCaller"
)

// Fields is a set of fields, each as Type.field.
type Fields map[string]bool

// Has reports whether the field is in the set.
func (f Fields) Has(typeName, field string) bool { return f[typeName+"."+field] }

// Marked returns the fields of s that carry a directive.
func Marked(s *ast.Schema, directive string) Fields {
	out := Fields{}
	each(s, func(name string, f *ast.FieldDefinition) {
		if f.Directives.ForName(directive) != nil {
			out[name] = true
		}
	})
	return out
}

// Costs returns what fields add to the cost of an operation, by Type.field.
func Costs(s *ast.Schema) map[string]int {
	out := map[string]int{}
	each(s, func(name string, f *ast.FieldDefinition) {
		if d := f.Directives.ForName("cost"); d != nil {
			out[name] = number(d, "weight")
		}
	})
	return out
}

// Items is a list argument of which a field does something for each item.
type Items struct {
	// Of is the path of the list, and Otherwise the length of one that is not given.
	Of        []string
	Otherwise int
}

// PerItem returns the fields that do something for each item of an argument, by
// Type.field.
func PerItem(s *ast.Schema) map[string]Items {
	out := map[string]Items{}
	each(s, func(name string, f *ast.FieldDefinition) {
		if d := f.Directives.ForName("perItem"); d != nil {
			out[name] = Items{strings.Split(text(d, "of"), "."), number(d, "otherwise")}
		}
	})
	return out
}

// Requirement is a permission, a plan feature, or both, that a field needs.
type Requirement struct {
	// Permission is as in inbox.Permission without kind and scope, or the name of a
	// workspace permission; empty if only a feature is needed.
	Permission string
	Feature    string
	// When is the condition, as a clause; empty if it is always needed.
	When string
}

// Requirements returns what the field needs, in the order of the schema.
func Requirements(f *ast.FieldDefinition) []Requirement {
	var out []Requirement
	for _, d := range f.Directives.ForNames("requires") {
		out = append(out, Requirement{text(d, "permission"), text(d, "feature"), text(d, "when")})
	}
	return out
}

// Errors returns the codes that the mutation can answer in userErrors.
func Errors(f *ast.FieldDefinition) []string { return texts(f.Directives.ForName("errors"), "codes") }

// Rules returns the settings of a workspace that decide on the mutation.
func Rules(f *ast.FieldDefinition) []string { return texts(f.Directives.ForName("rules"), "names") }

// Limit is the smallest and the largest value or size that an argument takes.
type Limit struct {
	Min, Max int
	Unit     string
}

// LimitIn returns the limit among the directives of an argument or an input field;
// ok is false if there is none. Min is 0 where the schema names none.
func LimitIn(all ast.DirectiveList) (l Limit, ok bool) {
	d := all.ForName("limit")
	if d == nil {
		return Limit{}, false
	}
	return Limit{number(d, "min"), number(d, "max"), text(d, "unit")}, true
}

// each calls do for every field of an object or interface.
func each(s *ast.Schema, do func(name string, f *ast.FieldDefinition)) {
	for typeName, t := range s.Types {
		if t.Kind != ast.Object && t.Kind != ast.Interface {
			continue
		}
		for _, f := range t.Fields {
			do(typeName+"."+f.Name, f)
		}
	}
}

func text(d *ast.Directive, argument string) string {
	if a := d.Arguments.ForName(argument); a != nil {
		return a.Value.Raw
	}
	return ""
}

// number is 0 for an argument that is not given; the schema's validation knows
// that what is given is a number.
func number(d *ast.Directive, argument string) int {
	n, _ := strconv.Atoi(text(d, argument))
	return n
}

func texts(d *ast.Directive, argument string) []string {
	if d == nil {
		return nil
	}
	a := d.Arguments.ForName(argument)
	if a == nil {
		return nil
	}
	var out []string
	for _, child := range a.Value.Children {
		out = append(out, child.Value.Raw)
	}
	return out
}
