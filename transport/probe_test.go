package transport_test

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// introspectionProbe is an extension that reads the switch.
type introspectionProbe struct{ on *bool }

func (introspectionProbe) ExtensionName() string                   { return "Probe" }
func (introspectionProbe) Validate(graphql.ExecutableSchema) error { return nil }

func (p introspectionProbe) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	*p.on = !op.DisableIntrospection
	return nil
}
