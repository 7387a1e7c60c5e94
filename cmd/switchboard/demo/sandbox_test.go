package demo_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"
)

func onStores(t *testing.T, run func(t *testing.T, s store.Engine)) {
	t.Run("embedded", func(t *testing.T) {
		testdb.Record(t, testdb.Embedded)
		s, err := sqlite.Open(t.Context(), sqlite.Config{})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close(context.Background())) }()
		run(t, s)
	})
	t.Run("wire", func(t *testing.T) {
		s, err := mongo.Open(t.Context(), mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close(context.Background())) }()
		require.NoError(t, s.Migrate(t.Context()))
		run(t, s)
	})
}

// sandbox makes one, which is not played yet.
func sandbox(t *testing.T, s store.Engine) workspace.Workspace {
	t.Helper()
	d := demo.Sandbox("box", "Box", "enterprise", time.Now().UTC().Truncate(time.Millisecond))
	require.NoError(t, s.CreateWorkspace(t.Context(), d))
	return d.Workspace
}

// reset is a run of the duty some time after the reset began.
func reset(t *testing.T, s store.Engine, e demo.Emptier, after time.Duration) error {
	t.Helper()
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	return demo.Reset(t.Context(), demo.Config{
		Store: s, Policy: authz.New(preset), Now: time.Now().Add(after).UTC().Truncate(time.Millisecond),
		NewID: func(at time.Time) string { return ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String() },
	}, e, "box")
}

// begin marks the sandbox again.
func begin(t *testing.T, s store.Engine) {
	t.Helper()
	edit(t, s, func(w *workspace.Workspace) { w.ResettingSince = time.Now().UTC().Truncate(time.Millisecond) })
}

func edit(t *testing.T, s store.Engine, change func(*workspace.Workspace)) {
	t.Helper()
	d, err := s.Directory(t.Context(), "box")
	require.NoError(t, err)
	w := d.Workspace
	change(&w)
	w.Rev++
	require.NoError(t, s.SaveDirectory(t.Context(), inbox.Event{
		ID: inbox.EventID(ulid.Make().String()), Workspace: "box", Type: inbox.DirectoryEvent, Actor: workspace.System(), At: time.Now(), Directory: &workspace.DirectoryChange{Workspace: &w},
	}))
}

// shape is what a sandbox looks like: the conversations by their ids, without times.
func shape(t *testing.T, s store.Engine) map[string]string {
	t.Helper()
	out := map[string]string{}
	for i := range 60 {
		c, err := s.ConversationByExternalID(t.Context(), "box", fmt.Sprintf("demo-%03d", i+1))
		require.NoError(t, err)
		page, err := s.ListMessages(t.Context(), desk.MessageQuery{Workspace: "box", Conversation: c.ID, Page: inbox.PageRequest{Limit: 100}})
		require.NoError(t, err)
		said := ""
		for _, m := range page.Items {
			said += string(m.ID) + m.Body
		}
		out[string(c.ID)] = fmt.Sprint(c.Kind, c.Status, c.Assignee, c.Team, c.Version, c.Contact, said)
	}
	return out
}

// A sandbox looks the same after each reset, with the same ids, whatever was done in it;
// its keys and who was added stay, and its audit log.
func TestASandboxIsPutBack(t *testing.T) {
	onStores(t, func(t *testing.T, s store.Engine) {
		sandbox(t, s)
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(reset(t, s, s, 0)), "servers have to learn of it first")
		require.NoError(t, reset(t, s, s, time.Minute))
		first := shape(t, s)
		require.Len(t, first, 60)
		d, err := s.Directory(t.Context(), "box")
		require.NoError(t, err)
		require.False(t, d.Workspace.Resetting())

		key, secret := workspace.APIKey{ID: "k", Workspace: "box", Name: "Partner", Role: workspace.RoleIntegration, Rev: 1}.Drawn()
		added := workspace.Member{ID: "added", Workspace: "box", Name: "Added", Email: "added@x.test", Roles: []workspace.RoleName{"agent"}, Rev: 1}
		gone := d.Members["box-agent1"]
		gone.Removed, gone.Subject, gone.Rev = true, "signed-in", gone.Rev+1
		website := d.Keys["box-website"]
		website.RevokedAt, website.Rev = time.Now(), website.Rev+1
		for _, change := range []workspace.DirectoryChange{{Key: &key}, {Member: &added}, {Member: &gone}, {Key: &website}} {
			require.NoError(t, s.SaveDirectory(t.Context(), inbox.Event{
				ID: inbox.EventID(ulid.Make().String()), Workspace: "box", Type: inbox.DirectoryEvent, Actor: workspace.System(), At: time.Now(), Directory: &change,
			}))
		}
		edit(t, s, func(w *workspace.Workspace) { w.Plan, w.Rules.LeftWaits = "free", time.Hour })
		require.NoError(t, reset(t, s, s, time.Minute), "it is not being put back")
		require.Equal(t, first, shape(t, s))
		begin(t, s)
		require.NoError(t, reset(t, s, s, time.Minute))
		require.Equal(t, first, shape(t, s))
		d, err = s.Directory(t.Context(), "box")
		require.NoError(t, err)
		require.Equal(t, workspace.PlanName("enterprise"), d.Workspace.Plan)
		require.Equal(t, workspace.DefaultRules(), d.Workspace.Rules)
		_, accepted := d.Keys["k"].Accepts(secret, time.Now())
		require.True(t, accepted)
		require.True(t, d.Keys["box-website"].Revoked(), "keys stay as they are")
		back, there := d.Member("box-agent1")
		require.True(t, there)
		require.Equal(t, "signed-in", back.Subject)
		_, there = d.Member("added")
		require.True(t, there)
	})
}

// killed is a store under a process that is killed after some commits.
type killed struct {
	store.Engine
	left int
}

var errKilled = errors.New("killed")

// Commit fails when no commits are left.
func (k *killed) Commit(ctx context.Context, c commit.Change) error {
	if k.left--; k.left < 0 {
		return errKilled
	}
	return k.Engine.Commit(ctx, c)
}

// A reset that was killed anywhere is begun again, and the sandbox is not served before it
// is done.
func TestAResetIsBegunAgain(t *testing.T) {
	onStores(t, func(t *testing.T, s store.Engine) {
		sandbox(t, s)
		require.NoError(t, reset(t, s, s, time.Minute))
		want := shape(t, s)
		begin(t, s)
		for _, commits := range []int{0, 1, 7, 100} {
			require.ErrorIs(t, reset(t, &killed{s, commits}, s, time.Minute), errKilled)
			d, err := s.Directory(t.Context(), "box")
			require.NoError(t, err)
			require.True(t, d.Workspace.Resetting(), "nobody sees half of it")
		}
		require.NoError(t, reset(t, s, s, time.Minute))
		require.Equal(t, want, shape(t, s))
	})
}

// Nothing of a workspace that is no sandbox is removed, whatever is asked of the duty.
func TestNoOtherWorkspaceIsPutBack(t *testing.T) {
	onStores(t, func(t *testing.T, s store.Engine) {
		sandbox(t, s)
		require.NoError(t, reset(t, s, s, time.Minute))
		want := shape(t, s)
		edit(t, s, func(w *workspace.Workspace) {
			w.Sandbox, w.ResettingSince = false, time.Now().UTC().Truncate(time.Millisecond)
		})
		require.NoError(t, reset(t, s, s, time.Minute))
		require.Equal(t, want, shape(t, s))
	})
}
