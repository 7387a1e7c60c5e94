package resolvers

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"

	"switchboard/graph"
	"switchboard/graph/contract"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// commonFields are the fields that are the same for all who see the same
// conversations, which the schema marks @shared. A subscription with any other field
// is executed for each subscriber; a test wants every field that a subscription
// reaches to be @shared or @perCaller.
func commonFields() contract.Fields {
	return contract.Marked(graph.NewExecutableSchema(graph.Config{}).Schema(), contract.Shared)
}

// sharedRoot finds the one root field of a subscription all of whose fields are
// common.
func (s *Sharing) sharedRoot(operation *graphql.OperationContext) (*ast.Field, bool) {
	o := operation.Operation
	if o.Operation != ast.Subscription || len(o.SelectionSet) != 1 || len(o.Directives) > 0 {
		return nil, false
	}
	root, ok := o.SelectionSet[0].(*ast.Field)
	if !ok || len(root.Directives) > 0 || !s.allCommon(o.SelectionSet) {
		return nil, false
	}
	return root, true
}

func (s *Sharing) allCommon(selections ast.SelectionSet) bool {
	return !slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch one := selection.(type) {
		case *ast.Field:
			return one.Name != "__typename" && !s.common.Has(one.ObjectDefinition.Name, one.Name) || !s.allCommon(one.SelectionSet)
		case *ast.InlineFragment:
			return !s.allCommon(one.SelectionSet)
		case *ast.FragmentSpread:
			return !s.allCommon(one.Definition.SelectionSet)
		}
		return true
	})
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
