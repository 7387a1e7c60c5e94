package schema_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/contract"
)

// described calls do for each description of the schema, with what it describes.
func described(s *ast.Schema, do func(name, text string)) {
	for _, d := range s.Directives {
		if !d.Position.Src.BuiltIn {
			do("@"+d.Name, d.Description)
			arguments("@"+d.Name, d.Arguments, do)
		}
	}
	for name, d := range s.Types {
		if d.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		do(name, d.Description)
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				do(name+"."+f.Name, f.Description)
				arguments(name+"."+f.Name, f.Arguments, do)
			}
		}
		for _, v := range d.EnumValues {
			do(name+"."+v.Name, v.Description)
		}
	}
}

func arguments(of string, all ast.ArgumentDefinitionList, do func(name, text string)) {
	for _, a := range all {
		do(of+"("+a.Name+")", a.Description)
	}
}

// A partner reads the description and nothing else. A word or two say nothing, and
// sentences of this house alone are no help.
func TestDescriptionsAreForPartners(t *testing.T) {
	dialect := regexp.MustCompile(`(?i)\b(told|tells|hears?|whom|whatever|whichever|up for grabs|rung|see docs/)\b`)
	headless := regexp.MustCompile(`^(What|Who|Which|Whose|Where|When|Whom)\b`)
	described(load(t), func(name, text string) {
		assert.GreaterOrEqual(t, len(strings.Fields(text)), 3, "%s is described in a word or two: %q", name, text)
		assert.Regexp(t, `^[A-Z0-9"`+"`"+`]`, text, name)
		assert.Contains(t, ".:!?)", text[len(text)-1:], "%s: the description does not end as a sentence", name)
		assert.NotRegexp(t, dialect, text, name)
		assert.NotRegexp(t, headless, text, "%s: say what it is", name)
	})
}

// The description of a field says, in the words of its directives, what it needs, what
// it can answer, and how much it takes.
func TestDescriptionsSayWhatDirectivesSay(t *testing.T) {
	s := load(t)
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			for _, r := range contract.Requirements(f) {
				for _, name := range []string{r.Permission, r.Feature} {
					assert.True(t, name == "" || strings.Contains(f.Description, "`"+name+"`"), "%s.%s does not name `%s`", root.Name, f.Name, name)
				}
			}
			codes := contract.Errors(f)
			_, listed, _ := strings.Cut(strings.Join(strings.Fields(f.Description), " "), "userErrors: ")
			assert.Equal(t, strings.Join(codes, ", "), strings.TrimSuffix(listed, "."), "%s.%s", root.Name, f.Name)
			assert.Equal(t, root == s.Mutation, len(codes) > 0, "%s.%s: mutations and no others have @errors", root.Name, f.Name)
			for _, rule := range contract.Rules(f) {
				assert.NotNil(t, s.Types["WorkspaceRules"].Fields.ForName(rule), "%s.%s names rule %s", root.Name, f.Name, rule)
			}
		}
	}
}

// unlimited are arguments of a size that nothing bounds but the request, each with why.
func unlimited() map[string]string {
	return map[string]string{
		"expectedVersion": "compared", "expectedRevision": "compared", "epoch": "compared",
		"conversationExternalId": "looked up", "Query.conversationByExternalId(externalId)": "looked up", "AuditFilter.role": "looked up",
		"UpdateRoleInput.name": "looked up", "DeleteRoleInput.name": "looked up", "SetPlanInput.plan": "looked up", "CreateApiKeyInput.role": "one of two",
		"ContactInput.phone": "has a form", "UpdateContactInput.phone": "has a form",
	}
}

// Every text, number and list that a caller can give has a limit, which its description
// names.
func TestEverySizeIsLimited(t *testing.T) {
	s := load(t)
	look := func(short, name, text string, typ *ast.Type, d ast.DirectiveList) {
		l, limited := contract.LimitIn(d)
		exempt := unlimited()[short] != "" || unlimited()[name] != ""
		sized := s.Types[typ.Name()].Kind != ast.Enum && (typ.Elem != nil || slices.Contains([]string{"String", "Int"}, typ.Name()))
		assert.Equal(t, sized && !exempt, limited, "%s: @limit, or a line in unlimited", name)
		if limited {
			assert.Regexp(t, `\b`+strconv.Itoa(l.Max)+`\b`, text, "%s does not name its limit", name)
		}
	}
	for name, d := range s.Types {
		for _, f := range d.Fields {
			if d.Kind == ast.InputObject {
				look(f.Name, name+"."+f.Name, f.Description, f.Type, f.Directives)
			}
			for _, a := range f.Arguments {
				if !d.BuiltIn && !strings.HasPrefix(f.Name, "__") {
					look(a.Name, name+"."+f.Name+"("+a.Name+")", a.Description, a.Type, a.Directives)
				}
			}
		}
	}
}
