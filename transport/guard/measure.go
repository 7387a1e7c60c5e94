package guard

import (
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// shape is what a selection set comes to with its fragments expanded. Branching
// is how deep fields nest that branch within the schema's own types, and
// introspection the same below __schema and __type.
type shape struct{ selections, depth, rootFields, branching, introspection int }

// measurer visits each selection set of a document once: the shape of a
// fragment is remembered, so the work is linear in the text, not in what the
// text expands to.
type measurer struct {
	doc        *ast.QueryDocument
	fragments  map[string]*shape // nil while the fragment is being measured
	aliases    int
	directives int
	malformed  *gqlerror.Error // makes a size meaningless, and validation costly
}

// manySelections stops sums before they overflow.
const manySelections = 1 << 30

// measure returns the first limit that doc exceeds, or nil. Fragments that contain
// themselves or share a name are refused here as well, since they have no size.
func measure(doc *ast.QueryDocument, limits Limits) *gqlerror.Error {
	m := &measurer{doc: doc, fragments: map[string]*shape{}}
	all := shape{}
	var roots []ast.SelectionSet
	for _, operation := range doc.Operations {
		m.directed(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			m.directed(variable.Directives)
		}
		all.widen(m.set(operation.SelectionSet))
		roots = append(roots, operation.SelectionSet)
	}
	// Fragments that no operation uses are validated all the same.
	for _, fragment := range doc.Fragments {
		if m.doc.Fragments.ForName(fragment.Name) != fragment {
			m.refuse("there must be only one fragment named %q", fragment.Name)
		}
		if _, used := m.fragments[fragment.Name]; !used {
			unused := m.fragment(fragment.Name)
			unused.rootFields = 0
			all.widen(unused)
			roots = append(roots, fragment.SelectionSet)
		}
	}
	if m.malformed != nil {
		return m.malformed
	}
	for _, check := range []struct {
		name       string
		value, max int
	}{
		{"aliases", m.aliases, limits.Aliases},
		{"directives", m.directives, limits.Directives},
		{"depth", all.depth, limits.Depth},
		{"selections", all.selections, limits.Selections},
		{"root fields", all.rootFields, limits.RootFields},
		{"introspection depth", all.introspection, limits.IntrospectionDepth},
	} {
		if check.value > check.max {
			return overLimit(check.name, check.max)
		}
	}
	// From here on the whole expansion is known to be small.
	for _, root := range roots {
		if m.repeats(root, &pathNode{}, limits.Repeats) {
			return overLimit("repeats of one response path", limits.Repeats)
		}
	}
	return nil
}

// directed counts directives. @defer is in every schema by default, but these
// transports send one response: what is deferred would silently be missing.
func (m *measurer) directed(list ast.DirectiveList) {
	m.directives += len(list)
	if list.ForName("defer") != nil {
		m.refuse("directive %q is not supported", "@defer")
	}
}

func (m *measurer) refuse(format, name string) {
	m.malformed = gqlerror.Errorf(format, name)
	errcode.Set(m.malformed, errcode.ValidationFailed)
}

// widen makes all hold another root: sums what adds up, keeps the largest of the rest.
func (all *shape) widen(one shape) {
	all.selections = min(all.selections+one.selections, manySelections)
	all.depth = max(all.depth, one.depth)
	all.rootFields = max(all.rootFields, one.rootFields)
	all.branching = max(all.branching, one.branching)
	all.introspection = max(all.introspection, one.introspection)
}

func (m *measurer) set(selections ast.SelectionSet) shape {
	var sum shape
	for _, selection := range selections {
		one := m.selection(selection)
		fields := min(sum.rootFields+one.rootFields, manySelections)
		sum.widen(one)
		sum.rootFields = fields
	}
	return sum
}

func (m *measurer) selection(selection ast.Selection) shape {
	switch s := selection.(type) {
	case *ast.Field:
		m.directed(s.Directives)
		if s.Alias != s.Name {
			m.aliases++
		}
		return m.set(s.SelectionSet).under(s.Name)
	case *ast.InlineFragment:
		m.directed(s.Directives)
		inner := m.set(s.SelectionSet)
		inner.selections++
		return inner
	case *ast.FragmentSpread:
		m.directed(s.Directives)
		inner := m.fragment(s.Name)
		inner.selections++
		return inner
	}
	return shape{}
}

// under is the shape of a field around inner.
func (inner shape) under(name string) shape {
	inner.selections++
	inner.depth++
	inner.rootFields = 1
	if branches(name) {
		inner.branching++
	}
	if name == "__schema" || name == "__type" {
		inner.introspection = max(inner.introspection, inner.branching)
	}
	return inner
}

func (m *measurer) fragment(name string) shape {
	known, seen := m.fragments[name]
	switch {
	case seen && known == nil:
		m.refuse("fragment %q must not contain itself", name)
		return shape{}
	case seen:
		return *known
	}
	definition := m.doc.Fragments.ForName(name)
	if definition == nil {
		// Validation says so; here it only must not cost anything.
		m.fragments[name] = &shape{}
		return shape{}
	}
	m.fragments[name] = nil
	m.directed(definition.Directives)
	measured := m.set(definition.SelectionSet)
	m.fragments[name] = &measured
	return measured
}

// pathNode is a node in the tree of response paths.
type pathNode struct {
	count int
	next  map[string]*pathNode
}

// repeats says whether some response path is selected more often than most.
// Validation compares all selections of one path with each other, in pairs.
func (m *measurer) repeats(selections ast.SelectionSet, at *pathNode, most int) bool {
	for _, selection := range selections {
		inner, under := ast.SelectionSet(nil), at
		switch s := selection.(type) {
		case *ast.Field:
			under = at.child(s.Alias)
			under.count++
			inner = s.SelectionSet
		case *ast.InlineFragment:
			inner = s.SelectionSet
		case *ast.FragmentSpread:
			if definition := m.doc.Fragments.ForName(s.Name); definition != nil {
				inner = definition.SelectionSet
			}
		}
		if under.count > most || m.repeats(inner, under, most) {
			return true
		}
	}
	return false
}

func (p *pathNode) child(name string) *pathNode {
	if p.next == nil {
		p.next = map[string]*pathNode{}
	}
	if p.next[name] == nil {
		p.next[name] = &pathNode{}
	}
	return p.next[name]
}
