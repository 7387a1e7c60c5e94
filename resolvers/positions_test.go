package resolvers_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// spoiler makes the executor yield another number of responses than there are items.
type spoiler struct {
	// swallow is how many responses of subscriptions are dropped, and repeat how many
	// are given twice.
	swallow, repeat atomic.Int64
	twice           atomic.Pointer[graphql.Response]
}

var _ graphql.ResponseInterceptor = (*spoiler)(nil)

func (*spoiler) ExtensionName() string                   { return "Spoiler" }
func (*spoiler) Validate(graphql.ExecutableSchema) error { return nil }

func (s *spoiler) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if op := graphql.GetOperationContext(ctx).Operation; op == nil || op.Operation != ast.Subscription {
		return next(ctx)
	}
	if again := s.twice.Swap(nil); again != nil {
		return again
	}
	resp := next(ctx)
	if resp != nil && s.swallow.Load() > 0 {
		s.swallow.Add(-1)
		return nil
	}
	if resp != nil && s.repeat.Load() > 0 {
		s.repeat.Add(-1)
		s.twice.Store(&graphql.Response{Data: slices.Clone(resp.Data)})
	}
	return resp
}

// A position belongs to the item of its response: an item without a response, or with
// two, moves no other item's position. A member that then goes on elsewhere, because
// its rights changed, receives what comes next, once. B:V3, B:V10
func TestPositionsTravelWithTheirItems(t *testing.T) {
	for name, spoil := range map[string]struct {
		swallow, repeat int64
		items           []int // that arrive, of two
	}{
		"a response for each": {0, 0, []int{0, 1}},
		"no response":         {1, 0, []int{1}},
		"two responses":       {0, 1, []int{0, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s := onEmbedded(t)
			w := s.newSpace(t, "enterprise", withAuditor)
			member := w.as("manager").follow(followEvents, nil)
			require.Eventually(t, func() bool { return s.handler.Stats().Joined == 1 }, patience, tick)
			s.spoil.swallow.Store(spoil.swallow)
			s.spoil.repeat.Store(spoil.repeat)
			ids := []string{resolvers.ConversationID(w.chat().ID), resolvers.ConversationID(w.chat().ID)}
			for _, n := range spoil.items {
				require.Equal(t, ids[n], dig(t, member.item(), "node.conversation.id"))
			}
			w.editMember("manager", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"auditor"} })
			require.Equal(t, resolvers.ConversationID(w.chat().ID), dig(t, member.item(), "node.conversation.id"))
			require.EqualValues(t, 2, s.handler.Stats().Joined, "it went on in another group")
		})
	}
}
