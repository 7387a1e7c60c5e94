package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/stretchr/testify/require"
)

// keyring is a store with the keys of acme.
type keyring struct {
	mu    sync.Mutex
	dir   *workspace.Directory
	fault error
	asked int
	noted chan time.Time
	hold  chan struct{} // holds up whoever notes; nil for nobody
}

func newKeyring(secret string) *keyring {
	sum := sha256.Sum256([]byte(secret))
	dir := acme()
	dir.Keys = map[workspace.KeyID]workspace.APIKey{"k1": {ID: "k1", Workspace: "acme", Hash: hex.EncodeToString(sum[:])}}
	return &keyring{dir: dir, noted: make(chan time.Time, 1000)}
}

func (k *keyring) WorkspaceOfKey(_ context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked++
	if _, known := k.dir.Keys[id]; !known && k.fault == nil {
		return "", inbox.Missing("API key")
	}
	return "acme", k.fault
}

func (k *keyring) KeyUsed(ctx context.Context, _ workspace.WorkspaceID, use workspace.KeyUse) error {
	if k.hold != nil {
		select {
		case <-k.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	k.noted <- use.At
	return nil
}

func (k *keyring) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dir, k.fault
}

func (k *keyring) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}

func (k *keyring) revoke() {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := k.dir.Keys["k1"]
	key.RevokedAt, key.Rev = time.Now(), 2
	k.dir = k.dir.With(workspace.DirectoryChange{Key: &key})
}

func TestAPIKeysAreFoundInTheDirectory(t *testing.T) {
	ring := newKeyring("sbk_k1_RIGHT")
	who := auth.Authenticator{Directories: ring, Keys: auth.NewAPIKeys(ring, slog.New(slog.DiscardHandler))}
	for range 3 {
		p, err := who.Authenticate(t.Context(), "sbk_k1_RIGHT")
		require.NoError(t, err)
		require.Equal(t, inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: "k1"}, KeySecret: 1}, p)
	}
	require.Equal(t, 1, ring.asked, "whose a key is, is asked once")
	for _, wrong := range []string{"sbk_k1_WRONG", "sbk_k1_", "sbk_k2_RIGHT", "sbk__RIGHT", "sbk_k1_RIGHTER"} {
		_, err := who.Authenticate(t.Context(), wrong)
		require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), wrong)
		require.NotContains(t, err.Error(), wrong)
	}
	ring.revoke()
	_, err := who.Authenticate(t.Context(), "sbk_k1_RIGHT")
	require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "a revoked key was remembered")
}

// A store that is away refuses nobody: who asks may come again.
func TestAPIKeysWhileTheStoreIsAway(t *testing.T) {
	ring := newKeyring("sbk_k1_RIGHT")
	ring.fault = errors.New("away")
	who := auth.Authenticator{Directories: ring, Keys: auth.NewAPIKeys(ring, slog.New(slog.DiscardHandler))}
	_, err := who.Authenticate(t.Context(), "sbk_k1_RIGHT")
	require.ErrorIs(t, err, ring.fault)
	require.NotEqual(t, inbox.Unauthenticated, inbox.CodeOf(err))
	ring.fault = nil
	_, err = who.Authenticate(t.Context(), "sbk_k1_RIGHT")
	require.NoError(t, err)
}

// However often a key is used, and however long the store takes, nobody waits
// and little is written.
func TestUsesAreNotedOnceAMinute(t *testing.T) {
	ring := newKeyring("sbk_k1_RIGHT")
	ring.hold = make(chan struct{})
	keys := auth.NewAPIKeys(ring, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); keys.Run(ctx) }()
	use := func(kind workspace.ActorKind, id string) {
		keys.Used(inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: kind, ID: id}})
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				use(workspace.ActorPartner, "k1")
				use(workspace.ActorMember, "m1")
			}
		})
	}
	all.Wait() // while the store holds everything up
	use(workspace.ActorPartner, "k2")
	close(ring.hold)
	<-ring.noted
	<-ring.noted
	stop()
	<-ended
	require.Empty(t, ring.noted, "k1 once and k2 once")
}

// slowKeys counts who reads at once; a read lasts until it is let go.
type slowKeys struct {
	*keyring
	began chan struct{}
	letGo chan struct{}
}

func (s slowKeys) WorkspaceOfKey(ctx context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	s.began <- struct{}{}
	<-s.letGo
	return s.keyring.WorkspaceOfKey(ctx, id)
}

// A flood of made-up keys takes a share of the database's connections, and a key that
// is genuine waits for its turn only the first time.
func TestMadeUpKeysAreLookedUpAFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := slowKeys{newKeyring("sbk_k1_RIGHT"), make(chan struct{}, 1000), make(chan struct{})}
		who := auth.Authenticator{Directories: slow.keyring, Keys: auth.NewAPIKeys(slow, slog.New(slog.DiscardHandler))}
		answers := make(chan error, 1000)
		ask := func(key string) { go func() { _, err := who.Authenticate(t.Context(), key); answers <- err }() }
		for i := range 500 {
			ask(fmt.Sprintf("sbk_madeup%d_X", i))
		}
		ask("sbk_k1_RIGHT")
		synctest.Wait()
		require.Len(t, slow.began, 16)
		close(slow.letGo)
		synctest.Wait()
		accepted := 0
		for range 501 {
			if err := <-answers; err == nil {
				accepted++
			} else {
				require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err))
			}
		}
		require.Equal(t, 1, accepted)
	})
}
