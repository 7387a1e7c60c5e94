package blackbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/faultlink"
	"switchboard/internal/histcheck"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// The variables of the fault run.
const (
	// envFaults asks for the run; its value is how long faults go on, such as 45s.
	envFaults = "SWITCHBOARD_TEST_FAULTS"
	// envFaultsSeed repeats the plan and the choices of a run.
	envFaultsSeed = "SWITCHBOARD_TEST_FAULTS_SEED"
	// envFaultsJSON is a file for the result as JSON.
	envFaultsJSON = "SWITCHBOARD_TEST_FAULTS_JSON"
)

// The size of the run.
const (
	faultServers     = 4
	faultClients     = 64
	faultSubscribers = 200
	faultLong        = 27 * time.Minute // and some minutes to begin and to check
)

// faultTime is how long faults go on, and how long each client rests between
// two mutations.
func faultTime(t *testing.T) (whole, rest time.Duration) {
	t.Helper()
	asked := os.Getenv(envFaults)
	if asked == "" {
		t.Skip("make test-faults runs this")
	}
	whole, err := time.ParseDuration(asked)
	require.NoError(t, err, "%s is a duration, such as 45s", envFaults)
	if os.Getenv("SWITCHBOARD_TEST_LONG") != "" {
		return faultLong, 3 * time.Second
	}
	return whole, time.Second
}

// faultRun is an installation in which everything breaks, who works on it, and
// what they wrote down.
type faultRun struct {
	t        *testing.T
	mongo    *testdb.Server
	servers  []*faultServer
	data     string           // folder of the embedded engine; empty for mongo
	small    bool             // the folder has a file system of its own, which a test may fill
	stored   histcheck.Source // past all proxies
	policy   access.Authorizer
	start    *workspace.Directory
	position string // from which all events are read
	known    *faultKnown
	clients  []*faultClient
	streams  []*faultStream
	watch    *logWatch     // who gets the log
	outage   time.Duration // of the endpoint that is down
	began    int           // how many events there were when the streams began
	turn     atomic.Int64
	acked    atomic.Int64
	result   faultResult
}

// faultServer is one server process with a proxy before and behind it. The
// proxies stay when the process is replaced.
type faultServer struct {
	*process
	front, back *faultlink.Link
}

// Servers, sockets and the database fail in every way while many work and
// listen. In the end nothing is lost, nothing was done or told twice, and nobody
// waits for nothing. B:V3, B:V4, B:V9, B:Q6, B:Q8.
func TestFaults(t *testing.T) {
	whole, rest := faultTime(t)
	seed := faultSeed(t)
	began := time.Now()
	r := newFaultRun(t, seed)
	r.result.took("to begin", began)
	r.outage = whole / 15
	r.run(rest, func() { r.breakThings(rand.New(rand.NewPCG(seed, 0)), time.Now().Add(whole)) })
}

// run lets everybody work and listen while things break, and checks what is left.
func (r *faultRun) run(rest time.Duration, breakThings func()) {
	t, began := r.t, time.Now()
	t.Helper()
	working, stop := context.WithCancel(t.Context())
	listening, deafen := context.WithCancel(t.Context())
	var workers, listeners sync.WaitGroup
	defer func() { stop(); workers.Wait(); deafen(); listeners.Wait() }()
	for _, s := range r.streams {
		listeners.Go(func() { s.run(listening) })
	}
	r.watch.run(listening, &listeners)
	workers.Go(func() {
		r.watch.outages(working, r.outage, r.outage, func(h *logHook) bool { return h.name == faultDowns })
	})
	for _, c := range r.clients {
		workers.Go(func() { c.work(working, rest) })
	}
	breakThings()
	r.result.took("to break things", began)
	stop()
	workers.Wait()
	r.watch.mend()
	log := r.settle()
	r.result.took("to settle", began)
	r.checkLog(log)
	r.checkAnswers(log)
	r.checkOwnership(log)
	r.checkStreams(log)
	r.result.took("to check", began)
	r.checkReceivers(log)
	deafen()
	listeners.Wait()
	r.result.took("to wait for receivers of the log", began)
	r.result.report(t)
	require.Empty(t, r.result.Faults, "what is wrong is printed above; seed %d", r.result.Seed)
}

func faultSeed(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64() >> 1
	if text := os.Getenv(envFaultsSeed); text != "" {
		_, err := fmt.Sscan(text, &seed)
		require.NoError(t, err, envFaultsSeed)
	}
	return seed
}

func newFaultRun(t *testing.T, seed uint64) *faultRun {
	t.Helper()
	r := &faultRun{t: t, mongo: testdb.Start(t, testdb.Options{OplogMaxEntries: 3_000_000})}
	stored, err := mongo.Open(t.Context(), mongo.Config{URI: within(r.mongo.URI(), "blackbox")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stored.Close(context.Background())) })
	secret := r.prepare(stored, seed)
	r.stored, r.watch = stored, newLogWatch(t, r.start.Workspace.ID, seed, faultHooks(false)...)
	for range faultServers {
		r.servers = append(r.servers, r.newServer())
	}
	r.populate(secret, seed)
	return r
}

// faultStore is a store before anybody works on it.
type faultStore interface {
	histcheck.Source
	Migrate(ctx context.Context) error
	Secret(ctx context.Context) ([]byte, error)
}

// prepare makes the workspace, and returns what its tokens are signed with.
func (r *faultRun) prepare(stored faultStore, seed uint64) (secret []byte) {
	t := r.t
	t.Helper()
	r.start, r.known, r.result = faultWorkspace(), newFaultKnown(), newFaultResult(seed)
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	r.policy = authz.New(preset)
	require.NoError(t, stored.Migrate(t.Context()))
	require.NoError(t, stored.CreateWorkspace(t.Context(), *r.start))
	r.position, err = histcheck.Begin(t.Context(), stored)
	require.NoError(t, err)
	secret, err = stored.Secret(t.Context())
	require.NoError(t, err)
	return secret
}

// populate makes who works and who listens.
func (r *faultRun) populate(secret []byte, seed uint64) {
	t := r.t
	t.Helper()
	signer, err := auth.NewSigner(secret)
	require.NoError(t, err)
	tokens := func(p inbox.Principal) string {
		p.Workspace = r.start.Workspace.ID
		token, err := signer.Sign(p, 2*time.Hour)
		require.NoError(t, err)
		return token
	}
	r.watch.begin(r.stored, r.owner(tokens))
	contacts := r.seed()
	r.hire(tokens, contacts, seed)
	r.listen(tokens, contacts)
	r.readLog(tokens)
}

// newServer starts a server that reaches the database through a proxy, and is
// reached through another.
func (r *faultRun) newServer() *faultServer {
	s := &faultServer{}
	for _, link := range []struct {
		to     **faultlink.Link
		target string
	}{{&s.back, faultHost(r.mongo.URI())}, {&s.front, ""}} {
		opened, err := faultlink.Listen(r.t.Context(), link.target)
		require.NoError(r.t, err)
		r.t.Cleanup(func() { require.NoError(r.t, opened.Close()) })
		*link.to = opened
	}
	r.serve(s)
	return s
}

// serve starts the process of a server, and sends to it who comes to its proxy.
func (r *faultRun) serve(s *faultServer) {
	where := []string{"--data", r.data}
	if r.data == "" {
		where = []string{"--mongodb-uri", within("mongodb://"+s.back.Addr()+"/?directConnection=true", "blackbox")}
	}
	where = append(where, r.watch.flags()...)
	// All clients have one address here.
	s.process = start(r.t, append([]string{"serve", "--addr", "127.0.0.1:0", "--cost-per-second", "0", "--max-operations-per-address", "0"}, where...))
	s.until(&s.out, "its address", addressLine.MatchString)
	s.front.Target(addressLine.FindStringSubmatch(s.out.String())[1])
}

// any is the address of one of the servers, another with each call.
func (r *faultRun) any() string {
	return r.servers[int(r.turn.Add(1))%len(r.servers)].front.Addr()
}

func faultHTTP(t *testing.T, connections int) *http.Client {
	t.Helper()
	h := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	t.Cleanup(h.CloseIdleConnections)
	return h
}
