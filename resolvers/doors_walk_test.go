package resolvers_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// door is one way through the schema: from a root field to an object of a type
// that is confidential.
type door struct {
	root *ast.FieldDefinition
	// selection is what follows the root field: the way, and every leaf of the
	// object at its end.
	selection string
	// path names the fields on the way, for failures.
	path string
}

// confidential are the types whose objects belong to a conversation that not
// everybody may see.
func confidential() []string {
	return []string{"Conversation", "Message", "Contact", "AssignmentEvent", "Notification"}
}

// walker finds the doors of a schema.
type walker struct {
	schema *ast.Schema
	leads  map[string]bool // the types from which a confidential one is reached
}

func newWalker(s *ast.Schema) *walker {
	w := &walker{schema: s, leads: map[string]bool{}}
	for _, name := range confidential() {
		w.leads[name] = true
	}
	for grew := true; grew; {
		grew = false
		for name, d := range s.Types {
			if !w.leads[name] && slices.ContainsFunc(w.ways(d), func(f *ast.FieldDefinition) bool { return w.reaches(f.Type.Name()) }) {
				w.leads[name], grew = true, true
			}
		}
	}
	return w
}

func (w *walker) ways(d *ast.Definition) []*ast.FieldDefinition {
	if d.Kind != ast.Object || d == w.schema.Query || d == w.schema.Mutation || d == w.schema.Subscription {
		return nil
	}
	return d.Fields
}

// reaches also holds for an interface or union one of whose types does.
func (w *walker) reaches(name string) bool {
	return slices.ContainsFunc(w.possible(w.schema.Types[name]), func(d *ast.Definition) bool { return w.leads[d.Name] })
}

func (w *walker) possible(d *ast.Definition) []*ast.Definition {
	if d.Kind == ast.Interface || d.Kind == ast.Union {
		return w.schema.GetPossibleTypes(d)
	}
	return []*ast.Definition{d}
}

// doors are all ways from the fields of a root type. A type is passed once on
// each way, conversations as often as again says: what an object that was
// reached from a conversation says of a conversation is asked too.
func (w *walker) doors(root *ast.Definition, again int) []door {
	var out []door
	for _, f := range root.Fields {
		if strings.HasPrefix(f.Name, "__") || !w.reaches(f.Type.Name()) {
			continue
		}
		for _, way := range w.from(f.Type.Name(), map[string]int{"Conversation": -again}) {
			out = append(out, door{root: f, selection: "{ " + way.selection + " }", path: f.Name + way.path})
		}
	}
	return out
}

// way is a selection without its outer braces.
type way struct{ selection, path string }

func (w *walker) from(name string, passed map[string]int) (out []way) {
	declared := w.schema.Types[name]
	for _, d := range w.possible(declared) {
		if !w.leads[d.Name] || passed[d.Name] > 0 {
			continue
		}
		passed[d.Name]++
		for _, found := range w.through(d, passed) {
			if d != declared {
				found = way{"__typename ... on " + d.Name + " { " + found.selection + " }", "(" + d.Name + ")" + found.path}
			}
			out = append(out, found)
		}
		passed[d.Name]--
	}
	return out
}

func (w *walker) through(d *ast.Definition, passed map[string]int) (out []way) {
	if slices.Contains(confidential(), d.Name) {
		out = append(out, way{w.leaves(d), ""})
	}
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") || !w.reaches(f.Type.Name()) {
			continue
		}
		for _, found := range w.from(f.Type.Name(), passed) {
			out = append(out, way{f.Name + pages(f) + " { " + found.selection + " }", "." + f.Name + found.path})
		}
	}
	return out
}

// leaves selects everything of an object that is no object itself.
func (w *walker) leaves(d *ast.Definition) string {
	out := "__typename"
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") && w.schema.Types[f.Type.Name()].IsLeafType() {
			out += " " + f.Name
		}
	}
	return out
}

// pages asks for as much of a list as a page of these tests holds, newest
// included.
func pages(f *ast.FieldDefinition) string {
	switch {
	case f.Arguments.ForName("last") != nil:
		return "(last: 20)"
	case f.Arguments.ForName("first") != nil:
		return "(first: 20)"
	}
	return ""
}
