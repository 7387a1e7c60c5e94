package guard

import "github.com/vektah/gqlparser/v2/ast"

// partsOf is how many parts a document has: selections, arguments, values and
// directives. Fragments count once, as they are kept.
func partsOf(doc *ast.QueryDocument) (n int) {
	for _, o := range doc.Operations {
		n += 1 + partsOfDirectives(o.Directives) + partsOfSet(o.SelectionSet)
		for _, v := range o.VariableDefinitions {
			n += 2 + partsOfValue(v.DefaultValue) + partsOfDirectives(v.Directives)
		}
	}
	for _, f := range doc.Fragments {
		n += 1 + partsOfDirectives(f.Directives) + partsOfSet(f.SelectionSet)
	}
	return n
}

func partsOfSet(set ast.SelectionSet) (n int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			n += 1 + partsOfArguments(s.Arguments) + partsOfDirectives(s.Directives) + partsOfSet(s.SelectionSet)
		case *ast.InlineFragment:
			n += 1 + partsOfDirectives(s.Directives) + partsOfSet(s.SelectionSet)
		case *ast.FragmentSpread:
			n += 1 + partsOfDirectives(s.Directives)
		}
	}
	return n
}

func partsOfDirectives(all ast.DirectiveList) (n int) {
	for _, d := range all {
		n += 1 + partsOfArguments(d.Arguments)
	}
	return n
}

func partsOfArguments(all ast.ArgumentList) (n int) {
	for _, a := range all {
		n += 1 + partsOfValue(a.Value)
	}
	return n
}

func partsOfValue(v *ast.Value) int {
	if v == nil {
		return 0
	}
	n := 1
	for _, child := range v.Children {
		n += 1 + partsOfValue(child.Value)
	}
	return n
}
