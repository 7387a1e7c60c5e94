package mongo

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/internal/testdb"
)

// A server that was restarted since it committed, and whose answer was lost, says that
// there is no such transaction. The next attempt then meets what the first one wrote,
// and is refused: that refusal is not the answer if the work is done.
func TestCommitThatTheServerForgot(t *testing.T) {
	ctx := context.Background()
	server := testdb.Start(t, testdb.Options{})
	s, err := Open(ctx, Config{URI: server.URI()})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(ctx)) }()
	refused := errors.New("it is there")
	for name, row := range map[string]struct {
		done bool
		want error
	}{"done": {done: true}, "not done": {want: refused}} {
		t.Run(name, func(t *testing.T) {
			server.FailCommand(ctx, testdb.Failure{
				Commands: []string{"commitTransaction"}, Times: 1, ErrorCode: 251, ErrorLabels: []string{labelTransient},
			})
			attempts := 0
			err := s.transact(ctx, transaction{
				do: func(tx context.Context) error {
					if attempts++; attempts > 1 {
						return refused
					}
					_, err := s.settings.InsertOne(tx, bson.D{{Key: "_id", Value: name}})
					return err
				},
				done: func(context.Context) (bool, error) { return row.done, nil },
			})
			require.ErrorIs(t, err, row.want)
			require.Equal(t, 2, attempts)
		})
	}
}
