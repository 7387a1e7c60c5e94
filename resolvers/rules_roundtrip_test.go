package resolvers_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/workspace"
)

// another gives a value of the type that is not the one given.
func another(t *testing.T, s *ast.Schema, typ *ast.Type, now any) any {
	t.Helper()
	switch def := s.Types[typ.Name()]; {
	case typ.Elem != nil:
		return []any{another(t, s, typ.Elem, nil)}
	case def.Kind == ast.Enum:
		for _, v := range def.EnumValues {
			if v.Name != now && v.Name != "VOLUNTARY" { // above the plan in some
				return v.Name
			}
		}
	case typ.Name() == "Boolean":
		return now != true
	case typ.Name() == "Int":
		if n, ok := now.(json.Number); ok && n.String() != "" {
			whole, err := n.Int64()
			require.NoError(t, err)
			return whole + 7
		}
		return int64(7)
	}
	t.Fatalf("say how to change a rule of type %s", typ.Name())
	return nil
}

// Each rule of the schema can be set by itself, is read back as it was set, and is
// stored; and each rule that is stored is in the schema.
func TestEveryRuleGoesThereAndBack(t *testing.T) {
	schema := loadSchema(t)
	var names []string
	for _, f := range schema.Types["WorkspaceRules"].Fields {
		if !strings.HasPrefix(f.Name, "__") {
			names = append(names, f.Name)
		}
	}
	read := `{ workspace { rules { ` + strings.Join(names, " ") + ` } } }`
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		owner := w.as("owner")
		rules := func() object { return dig(t, owner.do(read, nil).ok(), "workspace.rules").(object) }
		want := rules()
		for _, name := range names {
			typ := schema.Types["UpdateWorkspaceRulesInput"].Fields.ForName(name)
			require.NotNil(t, typ, "%s cannot be set", name)
			value := another(t, schema, typ.Type, want[name])
			done := owner.do(`mutation($in: UpdateWorkspaceRulesInput!) { updateWorkspaceRules(input: $in) { userErrors { message } } }`, vars{"in": object{name: value}}).ok()
			require.Empty(t, dig(t, done, "updateWorkspaceRules.userErrors"), "%s: %v", name, value)
			got := rules()
			require.Equal(t, fmt.Sprint(value), fmt.Sprint(got[name]), name)
			want[name] = got[name]
			require.Equal(t, want, got, "nothing but %s changes", name)
		}
		stored, err := s.store.Directory(t.Context(), w.id)
		require.NoError(t, err)
		defaults, now := reflect.ValueOf(workspace.DefaultRules()), reflect.ValueOf(stored.Workspace.Rules)
		for i := range now.NumField() {
			require.NotEqual(t, defaults.Field(i).Interface(), now.Field(i).Interface(), "no field of the schema sets %s", now.Type().Field(i).Name)
		}
	})
}
