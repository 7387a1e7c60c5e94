package logtail_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/logtail"
)

// The log may have a record before this server has heard of it: who judges it waits for the
// feed, as what the record must be judged by comes before it there. B:V12
func TestHeardWaitsForTheFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := func(context.Context, workspace.WorkspaceID, []string) (map[string]eventlog.Sequence, error) {
			return map[string]eventlog.Sequence{"e4": 4, "e5": 5}, nil
		}
		tail := logtail.New(lookup, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		go tail.Run(ctx)
		heard := make(chan bool, 1)
		go func() { so, _ := tail.Heard(ctx, "home", 5, time.Hour); heard <- so }()
		after := func(id inbox.EventID) int {
			tail.Apply(inbox.Event{ID: id, Workspace: "home", Type: inbox.OwnershipEvent})
			time.Sleep(time.Minute)
			synctest.Wait()
			return len(heard)
		}
		tail.Numbered(eventlog.Entry{Workspace: "home", Sequence: 5, ID: "e5"})
		require.Equal(t, 0, after("e4"))
		require.Equal(t, 1, after("e5"))
		require.True(t, <-heard)
		so, err := tail.Heard(ctx, "home", 5, time.Hour)
		require.NoError(t, err)
		require.True(t, so, "what was heard is known")
		began := time.Now()
		so, err = tail.Heard(ctx, "home", 6, 5*time.Second)
		require.NoError(t, err)
		require.False(t, so)
		require.Equal(t, 5*time.Second, time.Since(began), "what never comes is not waited for")
		stop()
		_, err = tail.Heard(ctx, "home", 6, time.Hour)
		require.ErrorIs(t, err, context.Canceled)
	})
}

// Events of workspaces for whose logs nobody waits ask the database nothing, however many
// they are, while a reader waits for a number that is late. B:V12
func TestForeignEventsAskNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []workspace.WorkspaceID
		lookup := func(_ context.Context, ws workspace.WorkspaceID, _ []string) (map[string]eventlog.Sequence, error) {
			asked = append(asked, ws)
			return nil, nil
		}
		tail := logtail.New(lookup, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go tail.Run(ctx)
		told := func(ws workspace.WorkspaceID) {
			tail.Apply(inbox.Event{ID: "e", Workspace: ws, Type: inbox.OwnershipEvent})
			synctest.Wait()
		}
		told("home")
		require.Empty(t, asked, "nobody waits")
		tail.Next("home")
		synctest.Wait()
		require.Equal(t, []workspace.WorkspaceID{"home"}, asked)
		for range 1_000 {
			told("far")
		}
		require.Len(t, asked, 1)
		tail.Next("far")
		synctest.Wait()
		require.ElementsMatch(t, []workspace.WorkspaceID{"home", "home", "far"}, asked, "what came before is known")
	})
}

// On the server that numbers, what the feed brings is found without the database, whichever
// of the two is faster. B:V12
func TestWhatWasNumberedHereIsNotLookedUp(t *testing.T) {
	for name, order := range map[string][]string{"the feed first": {"feed", "number"}, "the number first": {"number", "feed"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lookups := 0
				tail := logtail.New(func(context.Context, workspace.WorkspaceID, []string) (map[string]eventlog.Sequence, error) {
					lookups++
					return nil, nil
				}, slog.New(slog.DiscardHandler))
				steps := map[string]func(){
					"feed":   func() { tail.Apply(inbox.Event{ID: "e7", Workspace: "home", Type: inbox.OwnershipEvent}) },
					"number": func() { tail.Numbered(eventlog.Entry{Workspace: "home", Sequence: 7, ID: "e7"}) },
				}
				for _, step := range order {
					so, err := tail.Heard(t.Context(), "home", 7, time.Second)
					require.NoError(t, err)
					require.False(t, so)
					steps[step]()
				}
				so, err := tail.Heard(t.Context(), "home", 7, time.Second)
				require.NoError(t, err)
				require.True(t, so)
				require.NoError(t, tail.Caught(t.Context(), "home", time.Second))
				ctx, stop := context.WithCancel(t.Context())
				go tail.Run(ctx)
				_ = tail.Next("home")
				time.Sleep(time.Minute)
				require.Zero(t, lookups)
				stop()
				synctest.Wait()
			})
		})
	}
}
