package inbox_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

func TestErrors(t *testing.T) {
	require.Empty(t, inbox.CodeOf(nil))
	require.Equal(t, inbox.Internal, inbox.CodeOf(errors.New("x")))
	missing := inbox.Missing("team")
	require.Equal(t, inbox.NotFound, inbox.CodeOf(fmt.Errorf("outside: %w", missing)))
	require.Equal(t, "NOT_FOUND: There is no such team. Check the id, or refresh the list it came from.", missing.Error())
	require.Equal(t, []string{"first"}, inbox.Invalid("first", "%d is too many", 3).Field)
}
