package main

import (
	"context"
	"errors"
	"testing"

	"switchboard/inbox/workspace"
	"switchboard/resolvers"

	"github.com/stretchr/testify/require"
)

// A context that ends before or while a payload is made gives its cause as the error, with
// which the attempt is made again: it says nothing of the document or of the record.
func TestAPayloadThatIsCutOffIsAnError(t *testing.T) {
	documents := newWebhookDocuments(resolvers.NewExecutableSchema(&resolvers.Resolver{}), nil)
	why := errors.New("the lease went to another server")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	for _, document := range []string{"{ sequence }", "{ sequence conversation { id } }"} {
		data, seen, err := documents.data(ctx, workspace.Webhook{Document: document}, 1)
		require.ErrorIs(t, err, why)
		require.False(t, seen)
		require.Nil(t, data)
	}
}
