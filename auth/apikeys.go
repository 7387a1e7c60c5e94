package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// rememberedKeys bounds for how many keys the workspace is remembered.
	rememberedKeys = 4096
	// useEvery is how often the use of one secret of a key is noted at most.
	useEvery = time.Minute
	// pendingUses bounds the uses that wait to be stored; further ones are stored a
	// minute later.
	pendingUses = 256
	// keyReads bounds how many keys are looked up in the database at once: anybody
	// can invent keys, and the connections to the database are for callers with a
	// genuine one.
	keyReads = 16
	// keyReadTime is how long a lookup may take, with the wait for its turn.
	keyReadTime = 5 * time.Second
	// noteTime is how long noting may take.
	noteTime = 10 * time.Second
)

// KeyStore is the part of the store that APIKeys uses.
type KeyStore interface {
	// WorkspaceOfKey gives NOT_FOUND (an *inbox.Error) for no key.
	WorkspaceOfKey(ctx context.Context, id workspace.KeyID) (workspace.WorkspaceID, error)
	// KeyUsed notes the use of a key.
	KeyUsed(ctx context.Context, ws workspace.WorkspaceID, use workspace.KeyUse) error
}

// APIKeys authenticates API keys, and records when they are used. The workspace of
// a key never changes and is remembered; the directory is asked each time whether
// the key is still valid. It is safe for concurrent use.
type APIKeys struct {
	store KeyStore
	log   *slog.Logger
	known *lru.Cache[workspace.KeyID, workspace.WorkspaceID]
	noted *lru.Cache[usedSecret, *atomic.Int64]
	uses  chan keyUse
	late  atomic.Uint64 // uses for which there was no room
	reads chan struct{} // holds those under way
}

type keyUse struct {
	workspace workspace.WorkspaceID
	workspace.KeyUse
}

// usedSecret is a secret of a key, by its number.
type usedSecret struct {
	key    workspace.KeyID
	secret int
}

// NewAPIKeys makes it. Run must run for uses to be noted.
func NewAPIKeys(store KeyStore, log *slog.Logger) *APIKeys {
	// The only error of New is a size that is not positive.
	known, _ := lru.New[workspace.KeyID, workspace.WorkspaceID](rememberedKeys)
	noted, _ := lru.New[usedSecret, *atomic.Int64](rememberedKeys)
	return &APIKeys{store: store, log: log, known: known, noted: noted, uses: make(chan keyUse, pendingUses), reads: make(chan struct{}, keyReads)}
}

// authenticate finds the key with this secret and checks it. All refusals have the
// same message, so that a caller cannot distinguish a revoked key from one that
// never existed. A secret that may have replaced those that are known here is looked for
// in the stored directory.
func (k *APIKeys) authenticate(ctx context.Context, a Authenticator, secret string) (inbox.Principal, error) {
	id, ok := workspace.APIKeyID(secret)
	if !ok {
		return inbox.Principal{}, noSuchKey()
	}
	ws, err := k.workspaceOf(ctx, id)
	if err != nil {
		return inbox.Principal{}, err
	}
	return lookUp(ctx, a, ws, noSuchKey(), func(d *workspace.Directory) (inbox.Principal, bool, error) {
		key, known := d.Keys[id]
		number, ok := key.Accepts(secret, time.Now())
		if known && !ok {
			return inbox.Principal{}, key.Issued(secret), noSuchKey()
		}
		return inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(id)}, KeySecret: number}, known, nil
	})
}

func (k *APIKeys) workspaceOf(ctx context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	if ws, ok := k.known.Get(id); ok {
		return ws, nil
	}
	ctx, cancel := context.WithTimeout(ctx, keyReadTime)
	defer cancel()
	select {
	case k.reads <- struct{}{}:
		defer func() { <-k.reads }()
	case <-ctx.Done():
		return "", notConfirmed()
	}
	ws, err := k.store.WorkspaceOfKey(ctx, id)
	switch {
	case inbox.CodeOf(err) == inbox.NotFound:
		return "", noSuchKey()
	case err != nil:
		return "", fmt.Errorf("find an API key: %w", err)
	}
	k.known.Add(id, ws)
	return ws, nil
}

func noSuchKey() *inbox.Error {
	return refuse("The API key is not known here, was revoked, or has expired, or this secret of it was replaced. Ask an administrator of the workspace.")
}

// Used notes that p asked for something now, if p is a key. It never waits.
func (k *APIKeys) Used(p inbox.Principal) {
	if p.Actor.Kind != workspace.ActorPartner {
		return
	}
	id, now := workspace.KeyID(p.Actor.ID), time.Now().UTC().Truncate(time.Millisecond)
	fresh := &atomic.Int64{}
	last, seen, _ := k.noted.PeekOrAdd(usedSecret{id, p.KeySecret}, fresh)
	if !seen {
		last = fresh
	}
	before := last.Load()
	if now.UnixMilli()-before < useEvery.Milliseconds() || !last.CompareAndSwap(before, now.UnixMilli()) {
		return
	}
	select {
	case k.uses <- keyUse{p.Workspace, workspace.KeyUse{Key: id, Secret: p.KeySecret, At: now}}:
	default:
		k.late.Add(1)
	}
}

// Waiting returns how many uses wait to be stored, and how many did not find room so far:
// those are stored with the key's next use.
func (k *APIKeys) Waiting() (waiting int, late uint64) { return len(k.uses), k.late.Load() }

// Run stores the uses of keys until ctx ends.
func (k *APIKeys) Run(ctx context.Context) {
	for {
		select {
		case use := <-k.uses:
			k.note(ctx, use)
		case <-ctx.Done():
			return
		}
	}
}

func (k *APIKeys) note(ctx context.Context, use keyUse) {
	ctx, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	if err := k.store.KeyUsed(ctx, use.workspace, use.KeyUse); err != nil && !errors.Is(err, context.Canceled) {
		k.log.Warn("the use of an API key was not noted", "key", string(use.Key), "error", err)
	}
}
