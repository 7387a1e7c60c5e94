package resolvers

import (
	"switchboard/graph/contract"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"

	"github.com/vektah/gqlparser/v2/ast"
)

// CheckSelection refuses an operation with a field that is closed to an API key whatever
// the record is: INVALID_INPUT, which names the field and what the key lacks. vars are its
// variables. Fields that are open to the key are null, or left out, by record.
func CheckSelection(
	schema *ast.Schema, operation *ast.OperationDefinition, vars map[string]any, key access.Access,
) error {
	if !eventlog.OnlyFeeds(key) {
		return nil
	}
	open, closed := held{contract.Marked(schema, contract.ForIntegrations), "apikey"}, ""
	selection{schema: schema, vars: vars}.walk(operation, func(f selectedField) bool {
		for _, typeName := range f.on {
			if !open.opens(typeName, f.Name) {
				closed = typeName + "." + f.Name
			}
		}
		return closed == ""
	})
	if closed == "" {
		return nil
	}
	return inbox.Invalid("document", "document selects %s, which the API key cannot read: it lacks the permission view. "+
		"Leave the field out, or use the key of a partner that has it.", closed)
}
