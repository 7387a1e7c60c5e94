package resolvers

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"switchboard/graph"
	"switchboard/graph/contract"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// sharedFields are the fields of a subscription that is executed for many: common ones are the
// same for all who see the same conversations, and byStanding those that depend on what the
// caller is to the conversation. A subscription with any other field is executed for each
// subscriber; a test wants every field that a subscription reaches to be in one of the three.
type sharedFields struct{ common, byStanding contract.Fields }

func newSharedFields() sharedFields {
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	return sharedFields{contract.Marked(schema, contract.Shared), contract.Marked(schema, contract.PerStanding)}
}

// subjects are where the conversation is in the items of a root field whose verdicts are told
// in parts: see subjectOf.
func subjects() map[string]string {
	return map[string]string{"inboxChanges": "conversation", "assignmentEvents": "node.conversation"}
}

// shareable is the one root field of a subscription that can be executed for many, and whether
// its items are told in parts; root is nil for a subscription that cannot.
func (f sharedFields) shareable(operation *graphql.OperationContext) (root *ast.Field, inParts bool) {
	o := operation.Operation
	if o.Operation != ast.Subscription || len(o.SelectionSet) != 1 || len(o.Directives) > 0 {
		return nil, false
	}
	root, ok := o.SelectionSet[0].(*ast.Field)
	if !ok || len(root.Directives) > 0 || !f.common.Has(root.ObjectDefinition.Name, root.Name) {
		return nil, false
	}
	look := fieldLook{sharedFields: f, subject: subjects()[root.Name]}
	if !look.all(root.SelectionSet, "") {
		return nil, false
	}
	return root, look.inParts
}

// fieldLook looks at all fields of one root field.
type fieldLook struct {
	sharedFields
	subject string // where the fields by standing may be
	inParts bool   // whether any was met
}

// all reports whether everything that is selected at a path can be told to many.
func (l *fieldLook) all(selections ast.SelectionSet, path string) bool {
	return !slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch one := selection.(type) {
		case *ast.Field:
			return !l.one(one, path)
		case *ast.InlineFragment:
			return !l.all(one.SelectionSet, path)
		case *ast.FragmentSpread:
			return !l.all(one.Definition.SelectionSet, path)
		}
		return true
	})
}

func (l *fieldLook) one(f *ast.Field, path string) bool {
	of := f.ObjectDefinition.Name
	switch {
	case f.Name == "__typename":
		return true
	case l.byStanding.Has(of, f.Name) && path == l.subject:
		l.inParts = true
	case !l.common.Has(of, f.Name):
		return false
	}
	return l.all(f.SelectionSet, strings.TrimPrefix(path+"."+f.Name, "."))
}

// fingerprint is equal for operations with the same text, name and variables, but
// for the cursor that they go on behind, when it is a variable.
func fingerprint(operation *graphql.OperationContext, root *ast.Field) [32]byte {
	variables := operation.Variables
	// A cursor has no other place in what is common.
	if after := root.Arguments.ForName("after"); after != nil && after.Value.Kind == ast.Variable {
		variables = maps.Clone(variables)
		delete(variables, after.Value.Raw)
	}
	text, _ := json.Marshal([]any{operation.RawQuery, operation.Operation.Name, variables}) // they came as JSON
	return sha256.Sum256(text)
}
