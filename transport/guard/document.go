package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// CheckDocument refuses the text of one operation that a server runs by itself, as Guard
// refuses those of callers: over the limits, not valid in the schema, or more costly than
// the limit. vars are the variables that it is run with, fields the costs as in Options.
func CheckDocument(schema *ast.Schema, text string, vars map[string]any, limits Limits, fields map[string]int) *gqlerror.Error {
	limits = limits.withDefaults()
	source := &ast.Source{Input: text}
	if len(text) > limits.Bytes {
		return overLimit("bytes", limits.Bytes)
	}
	if countTokens(source, limits.Tokens) > limits.Tokens {
		return overLimit("tokens", limits.Tokens)
	}
	doc, err := parser.ParseQuery(source)
	if err != nil {
		return gqlerror.Errorf("%s", err.Error())
	}
	if refused := measure(doc, limits); refused != nil {
		return refused
	}
	if all := validator.ValidateWithRules(schema, doc, rules.NewDefaultRules()); len(all) > 0 {
		return all[0]
	}
	for _, operation := range doc.Operations {
		if (coster{doc: doc, vars: vars, fields: fields}).cost(operation) > limits.Cost {
			return overLimit("cost", limits.Cost)
		}
	}
	return nil
}
