package resolvers_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/sharding"
	"switchboard/internal/testdb"
	"switchboard/internal/world"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/live/logtail"
	"switchboard/live/marks"
	"switchboard/resolvers"
	"switchboard/store"
	"switchboard/store/document"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"
	"switchboard/transport"
	"switchboard/transport/exec"
	"switchboard/transport/fanout"
	"switchboard/transport/guard"
)

// patience bounds waiting for what must come; a test that passes never uses it up.
const (
	patience = 30 * time.Second
	tick     = time.Millisecond
)

// server is the whole program in this process, on a free port.
type server struct {
	store    store.Engine
	watched  *watchedStore
	feed     *forgetfulFeed
	pumped   *heldFeed
	catchUp  *feed.CatchUp
	abreast  *feed.Abreast
	gaps     *feed.Gaps
	spoil    *spoiler
	seals    *resolvers.Seals
	rechecks *feed.LostFeedRechecks
	ends     *feed.EndRechecks
	service  *services.Services
	hub      *feed.Hub
	marks    *marks.Marks
	who      auth.Authenticator
	contacts *auth.Signer
	config   mongo.Config // for a second server on the same database
	keys     *auth.APIKeys
	policy   access.Authorizer
	// authorizer is what policy narrows, and directories what judges by it.
	authorizer  *authz.Authorizer
	directories *live.Directories
	log         *logbook
	refused     refusalBook
	words       wordBook
	tail        *logtail.Tail
	numberer    *eventlog.Numberer
	// unnumbered stops the numbering of the log.
	unnumbered    atomic.Bool
	numbers       sync.Mutex // held while the log is numbered
	stopNumbering atomic.Pointer[context.CancelFunc]
	url           string
	http          *http.Client
	handler       *transport.Server
	// ahead is by how much the clock of the domain is ahead, in nanoseconds.
	ahead atomic.Int64
	ids   atomic.Int64
	// aged is by how much the clock of the cursors' keys is ahead.
	aged atomic.Int64
}

// onEngines runs a suite on the embedded engine and over the wire.
func onEngines(t *testing.T, suite func(t *testing.T, s *server)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { suite(t, onEmbedded(t)) })
	t.Run("wire", func(t *testing.T) { suite(t, onWire(t)) })
}

func onEmbedded(t *testing.T) *server {
	t.Helper()
	testdb.Record(t, testdb.Embedded)
	opened, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	return serve(t, opened)
}

func onWire(t *testing.T) *server {
	t.Helper()
	config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sharding.Watch(t, nil)}
	opened, err := mongo.Open(t.Context(), config)
	require.NoError(t, err)
	require.NoError(t, opened.Migrate(t.Context()))
	s := serve(t, opened)
	s.config = config
	return s
}

// overWire reports whether the store is a server's.
func (s *server) overWire() bool { return s.config.URI != "" }

// serve ties everything together as the command does, and ends it with the test.
func serve(t *testing.T, opened store.Engine) *server {
	t.Helper()
	authorizer := authz.New(world.Preset(t))
	s := &server{
		store: opened, watched: &watchedStore{Engine: opened}, feed: &forgetfulFeed{WorkspaceFeed: opened}, hub: feed.NewHub(), gaps: feed.NewGaps(), spoil: &spoiler{}, authorizer: authorizer, policy: &grants{Authorizer: authorizer}, log: &logbook{},
	}
	logger := slog.New(slog.NewJSONHandler(s.log, nil))
	directories := live.NewDirectories(s.watched.Directory)
	s.directories = directories
	loads, tokens := live.NewLoadCache(s.watched.LoadsAndRotations), live.NewTokenIssues(access.StoredTokenIssues(s.watched))
	s.pumped, s.catchUp = heldFeedOf(opened), feed.NewCatchUp(s.feed, feed.Bounds{Time: patience, Items: 10_000, Bytes: 32 << 20})
	s.rechecks, s.ends = feed.NewLostFeedRechecks(&s.hub.Rechecks), feed.NewEndRechecks(&s.hub.Rechecks)
	logs := eventlog.New(s.watched, s.now)
	s.tail = logtail.New(logs.Sequences, logger)
	s.marks = marks.New(rand.Text(), opened.Conversations, opened, logger)
	s.service = services.New(services.Config{
		Webhooks: admin.WebhookConfig{Gate: gateOfTests{}, Log: logOfTests{logs, s.tail}, Sent: s.watched}, Marks: s.marks, Observers: []commit.Observer{s.marks}, Ends: s.ends,
		Store: s.watched, LogStore: s.watched, Directories: directories, Policy: s.policy, Now: s.now, NewID: s.newID, Pick: mathrand.IntN, Loads: loads, Tokens: tokens, MessageQuota: &s.words,
	})
	s.numberer = eventlog.NewNumberer(opened, opened, time.Now, logger, s.tail)
	pump := feed.NewPump(s.pumped, s.hub, logger, directories, loads, tokens, s.rechecks, s.tail, s.marks)
	s.abreast = feed.NewAbreast(opened, rand.Text())
	pump.Bulletin = func(bulletin []byte) {
		if !s.abreast.Hear(bulletin) {
			s.marks.Hear(bulletin)
		}
	}
	s.keys = auth.NewAPIKeys(opened, logger)
	seals, err := resolvers.OpenSeals(t.Context(), opened, func() time.Time { return time.Now().Add(time.Duration(s.aged.Load())) }, logger)
	require.NoError(t, err)
	s.seals = seals
	secret, err := opened.Secret(t.Context())
	require.NoError(t, err)
	s.contacts, err = auth.NewSigner(secret)
	require.NoError(t, err)
	verifier, err := auth.NewVerifier(secret, auth.Operator{})
	require.NoError(t, err)
	s.who = auth.Authenticator{Verifier: verifier, Directories: directories, Keys: s.keys, SignIns: s.service.Admin, Admission: s.service.Callers, Confirm: auth.NewConfirmations(opened.Directory)}
	s.listen(t, s.graphql(t, logger, s.share()), pump)
	return s
}

// newID is unique, and sorts by when it was made as the program's ids do.
func (s *server) newID() string { return fmt.Sprintf("%08d%s", s.ids.Add(1), rand.Text()) }

func (s *server) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

func (s *server) graphql(t *testing.T, logger *slog.Logger, share func(context.Context, *graphql.OperationContext) fanout.Shared) *transport.Server {
	t.Helper()
	root := resolvers.New(resolvers.Config{
		Inbox: s.service, Hub: s.hub, CatchUp: s.catchUp, Abreast: s.abreast, Gaps: s.gaps, LogSignals: s.tail, RenewRights: s.directories.Reread, AwaitNumber: 10 * time.Second, Marks: s.marks, Seals: s.seals, Words: document.Words, Terms: document.Terms, EndWithError: exec.EndWithError, RunSource: exec.RunSource, Keep: exec.Keep, Room: exec.Room, Log: logger,
		Rate: func(ctx context.Context) (limit, remaining int, reset time.Duration) {
			rate, _ := guard.RateOf(ctx)
			return rate.Limit, rate.Remaining, rate.Reset
		},
		ContactToken: func(c inbox.Conversation, by workspace.KeyID) (string, error) {
			return s.contacts.Sign(c.ContactPrincipal(by), time.Hour)
		},
	})
	out, err := transport.New(resolvers.NewExecutableSchema(root), transport.Options{
		Authenticator: authenticator{s.who}, Introspection: true, Logger: logger,
		ErrorPresenter: resolvers.Presenter(logger), Recover: resolvers.Recover, Share: share,
		Socket:     transport.SocketOptions{PingInterval: time.Hour, ConnectionsByPrincipal: 10_000}, // these clients answer no ping, and connect for each thing they ask
		Extensions: []graphql.HandlerExtension{&resolvers.Preflight{Seals: s.seals}, resolvers.Scopes{Inbox: s.service, Checkpoint: s.hub.Checkpoint, Used: s.keys.Used}, resolvers.NewContactGuard(s.service), resolvers.Refusals{Report: s.refused.tell}, declared{t}, s.spoil},
	})
	require.NoError(t, err)
	return out
}

// ageSeals lets the keys of all cursors that were made be retired.
func (s *server) ageSeals(t *testing.T) {
	t.Helper()
	for range 2 {
		s.aged.Add(int64(resolvers.SealsRotated + resolvers.SealsKept))
		require.NoError(t, s.seals.Refresh(t.Context()))
	}
}

// share lets transport ask resolvers, as the command does.
func (s *server) share() func(context.Context, *graphql.OperationContext) fanout.Shared {
	sharing := resolvers.NewSharing(s.service, s.hub)
	return func(_ context.Context, operation *graphql.OperationContext) fanout.Shared {
		if shared := sharing.Share(operation); shared != nil {
			return shared
		}
		return nil
	}
}

// started is how many subscriptions were ever begun, each counted once at least.
func (s *server) started() uint64 { return s.hub.Joined() + s.handler.Stats().Joined }

// begun reports whether a subscription was begun since started was so many, up to where its
// resolver has read what it begins with. None is under way then, which could be counted once
// more and be taken for the next.
func (s *server) begun(before uint64) bool {
	return s.started() > before && s.handler.Stats().Beginning == 0
}

func (s *server) listen(t *testing.T, handler *transport.Server, pump *feed.Pump) {
	t.Helper()
	web := httptest.NewServer(handler)
	s.url, s.http, s.handler = web.URL, web.Client(), handler
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var running sync.WaitGroup
		running.Go(func() { pump.Run(ctx) })
		running.Go(func() { s.keys.Run(ctx) })
		running.Go(func() { s.rechecks.Run(ctx) })
		running.Go(func() { s.tail.Run(ctx) })
		running.Go(func() { s.number(ctx) })
		running.Go(func() { s.marks.Run(ctx) })
		running.Go(func() { s.ends.Run(ctx) })
		running.Wait()
	}()
	t.Cleanup(func() {
		grace, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, handler.Shutdown(grace))
		s.hub.Close()
		web.Close()
		stop()
		<-ended
		require.NoError(t, s.store.Close(grace))
	})
	select {
	case <-pump.Ready():
	case <-time.After(patience):
		t.Fatal("the feed did not open")
	}
}

// number numbers the log as the holder of the lease does, unless a test wants none.
func (s *server) number(ctx context.Context) {
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for ctx.Err() == nil {
		if !s.unnumbered.Load() {
			s.numberWhileWanted(ctx)
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
}

func (s *server) numberWhileWanted(ctx context.Context) {
	s.numbers.Lock()
	defer s.numbers.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.stopNumbering.Store(&cancel)
	if !s.unnumbered.Load() {
		_ = s.numberer.Run(ctx) // it is run again
	}
}

// withhold ends the numbering, and returns when it has ended, until the returned function
// is called.
func (s *server) withhold() (resume func()) {
	s.unnumbered.Store(true)
	if stop := s.stopNumbering.Load(); stop != nil {
		(*stop)()
	}
	s.numbers.Lock()
	defer s.numbers.Unlock()
	return func() { s.unnumbered.Store(false) }
}

// authenticator lets transport ask auth, as the command's does.
type authenticator struct{ auth.Authenticator }

func (a authenticator) Authenticate(ctx context.Context, token string) (guard.Identity, error) {
	p, err := a.Authenticator.Authenticate(ctx, token)
	var typed *inbox.Error
	switch {
	case err == nil:
		return guard.Identity{
			Context: func(ctx context.Context) context.Context { return auth.NewContext(ctx, p) },
			Expires: p.Expires, Key: p.Actor.ID,
		}, nil
	case errors.As(err, &typed) && typed.Code == inbox.WorkspaceSuspended:
		return guard.Identity{}, &guard.AuthError{Kind: guard.AuthForbidden, Code: string(typed.Code), Message: typed.Message, Err: err}
	case errors.As(err, &typed) && typed.Code == inbox.Unauthenticated:
		return guard.Identity{}, &guard.AuthError{Kind: guard.AuthInvalid, Message: typed.Message, Err: err}
	}
	return guard.Identity{}, &guard.AuthError{Kind: guard.AuthUnavailable, Err: err}
}

// contactOf is the contact of c, who reaches nothing else.
func contactOf(c inbox.Conversation) inbox.Principal {
	return c.ContactPrincipal("")
}
