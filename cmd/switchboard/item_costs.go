package main

import (
	"switchboard/graph/contract"
	"switchboard/transport/guard"

	"github.com/vektah/gqlparser/v2/ast"
)

// itemCosts are the fields whose cost grows with a list, as the schema says.
func itemCosts(s *ast.Schema) map[string]guard.Items {
	out := map[string]guard.Items{}
	for field, items := range contract.PerItem(s) {
		out[field] = guard.Items(items)
	}
	return out
}
