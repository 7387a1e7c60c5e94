package main

import (
	"context"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"switchboard/auth"
	"switchboard/authz"
	"switchboard/cmd/switchboard/demo"
	"switchboard/dispatch"
	"switchboard/graph/contract"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/services"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/live/logtail"
	"switchboard/live/marks"
	"switchboard/resolvers"
	"switchboard/sink"
	"switchboard/store"
	"switchboard/store/document"
	"switchboard/transport"
	"switchboard/transport/exec"
	"switchboard/transport/guard"
	"switchboard/web"
	"switchboard/webhook"

	"github.com/99designs/gqlgen/graphql"
)

// server is the program without its listener: everything tied together.
type server struct {
	store        store.Engine
	directories  *live.Directories
	identity     *identity
	hub          *feed.Hub
	pump         *feed.Pump
	rechecks     *feed.LostFeedRechecks
	ends         *feed.EndRechecks
	keys         *auth.APIKeys
	heartbeats   *feed.HeartbeatMonitor // nil where nothing can fall silent
	service      *services.Services
	graphql      *transport.Server
	catchUp      *feed.CatchUp
	abreast      *feed.Abreast
	gaps         *feed.Gaps
	seals        *resolvers.Seals
	admin        *adminServer
	refusals     *refusals
	duties       *dispatch.Duties
	alerts       alerts
	drainer      *dispatch.Drainer
	reclaims     *dispatch.Reclaims
	tail         *logtail.Tail
	numberer     *eventlog.Numberer
	webhooks     *webhookGate
	webhookTally webhookTally
	sends        *webhook.Engine
	sink         *sink.Runner // nil without a broker
	offers       *dispatch.Offers
	deadlines    *dispatch.Deadlines
	bot          *demo.Bot // nil outside the demo
	presence     *live.Presence
	presences    *dispatch.PresenceMonitor
	marks        *marks.Marks
	links        *links          // nil where people sign in at a provider
	policy       *policyFollower // nil for a preset
	// sandboxPolicy is by what sandboxes are played.
	sandboxPolicy *authz.Authorizer
	trusted       *trustedFile // nil where clients cannot name documents
	memory        memory
	log           *slog.Logger
}

// hubSubscriptions leaves room for the server's own beside those of callers; a
// resume may have two for a moment.
func hubSubscriptions(most int) int {
	if most == 0 {
		return math.MaxInt
	}
	return 2*most + 100
}

// dispatchConcurrency keeps a queue moving while as many others write to the database:
// with 8 beside 16 that never rest, slots opened faster than they were filled.
const dispatchConcurrency = 16

func newServer(ctx context.Context, s settings, stored store.Engine, policy *authz.Authorizer, seen *adminServer, m memory, log *slog.Logger) (*server, error) {
	secrets, _, err := stored.Secrets(ctx)
	if err != nil {
		return nil, databaseFailure(err)
	}
	who, err := newIdentityOf(secrets, s.authSettings, log)
	if err != nil {
		return nil, err
	}
	ids, err := idsBehind(ctx, stored, log)
	if err != nil {
		return nil, err
	}
	directories, hub := live.NewDirectories(stored.Directory), feed.NewHub(feed.WithMaxSubscriptions(hubSubscriptions(s.MaxSubscriptions)))
	ends := feed.NewEndRechecks(&hub.Rechecks)
	loads, drainer := live.NewLoadCache(stored.LoadsAndRotations), dispatch.NewDrainer(stored.Workspaces, log)
	tokens, reclaims := live.NewTokenIssues(access.StoredTokenIssues(stored)), dispatch.NewReclaims(time.Now)
	logs := eventlog.New(stored, time.Now)
	tail := logtail.New(logs.Sequences, log)
	hooks, err := openWebhooks(ctx, s, stored)
	if err != nil {
		return nil, databaseFailure(err)
	}
	deadlines := dispatch.NewDeadlines(time.Now, dispatch.WaitsUntil)
	attended := marks.New(ids.next(), stored.Conversations, stored, log)
	out := &server{
		tail: tail, webhooks: hooks, marks: attended, sandboxPolicy: policy,
		store: stored, directories: directories, identity: who, hub: hub, catchUp: feed.NewCatchUp(stored, feed.DefaultBounds()), abreast: feed.NewAbreast(stored, ids.next()), gaps: feed.NewGaps(), admin: seen, drainer: drainer, reclaims: reclaims, offers: dispatch.NewOffers(time.Now), deadlines: deadlines, alerts: newAlerts(), memory: m, log: log,
		rechecks: feed.NewLostFeedRechecks(&hub.Rechecks), ends: ends, keys: auth.NewAPIKeys(stored, log),
		service: services.New(services.Config{
			Store: seen.tracing.stamped(stored), LogStore: stored, Directories: directories, Policy: policy, Now: time.Now, NewID: ids.next, Pick: rand.IntN, Loads: loads, Tokens: tokens, Ends: ends,
			QueueState: drainer, DispatchConcurrency: dispatchConcurrency, Observers: []commit.Observer{drainer, attended}, Stopping: ctx.Done(), MessageQuota: newMessageQuota(s.messageQuotaSettings, time.Now), Webhooks: hooks.config(stored, webhookLog{logs, tail}),
			Marks: attended, AttentionQuota: newAttentionQuota(time.Now),
		}),
	}
	out.followLog(s)
	out.presences = dispatch.NewPresenceMonitor(stored, out.service.Presence.EndPresence, time.Now)
	out.pump = feed.NewPump(stored, hub, log, directories, loads, tokens, drainer, reclaims, out.offers,
		deadlines, out.presences, out.alerts.losses, out.alerts.contacts, out.alerts.resets, out.rechecks, out.tail, out.sends, attended)
	out.pump.Bulletin = out.hear
	renew := func() { directories.Renew(); hub.Rechecks.Ask() }
	out.policy = followPolicy(s.PolicyDir, policy, renew, out.service.Offboarding.ReviewOwners, log)
	if out.seals, err = resolvers.OpenSeals(ctx, stored, time.Now, log); err != nil {
		return nil, databaseFailure(err)
	}
	out.refusals = newRefusals(out.service, log)
	if out.links, err = newLinks(who, stored, log); err != nil {
		return nil, err
	}
	if s.MongodbURI != "" && s.Heartbeat > 0 {
		out.heartbeats = feed.NewHeartbeatMonitor(out.pump, stored, s.Heartbeat, log)
	}
	if s.Demo {
		out.bot = demo.NewBot(hub, demo.DeskOf(out.service), log)
	}
	out.presence = live.NewPresence(out.presences.Presences(stored.SendBulletin), out.service.Presence.ReturnPresence, ids.next, log)
	out.duties = dispatch.New(stored, ids.next(), log, slices.Concat(out.dutyList(), out.webhookDuties(), out.removals(s.limits()), out.sinkDuty())...)
	out.graphql, err = out.newGraphQL(s, auth.Authenticator{
		Verifier: who.verifier, Directories: directories, Keys: out.keys, SignIns: out.service.Admin, Admission: out.service.Callers, Confirm: auth.NewConfirmations(stored.Directory),
	})
	return out, err
}

// followLog makes what numbers the log and what sends it on.
func (s *server) followLog(set settings) {
	numbered := []eventlog.Observer{s.tail}
	if s.sink = s.newSink(set.Sink); s.sink != nil {
		numbered = append(numbered, s.sink)
	}
	s.numberer = eventlog.NewNumberer(s.store, s.store, time.Now, s.log, numbered...)
	s.sends = s.newWebhookEngine(s.store, s.log)
}

// hear takes what servers say to each other.
func (s *server) hear(bulletin []byte) {
	if !s.abreast.Hear(bulletin) && !s.presences.Hear(bulletin) {
		s.marks.Hear(bulletin)
	}
}

func (s *server) newGraphQL(set settings, who auth.Authenticator) (*transport.Server, error) {
	root := resolvers.New(resolvers.Config{
		Inbox: s.service, Hub: s.hub, CatchUp: s.catchUp, Abreast: s.abreast, Gaps: s.gaps, LogSignals: s.tail, RenewRights: s.directories.Reread, Marks: s.marks, Seals: s.seals, Words: document.Words, Terms: document.Terms, ContactToken: s.identity.contactToken, Delivering: s.admin.tracing.deliverer(),
		EndWithError: exec.EndWithError, Rate: rateOf, RunSource: exec.RunSource, Keep: exec.Keep, Room: exec.Room, Log: s.log,
	})
	schema := resolvers.NewExecutableSchema(root)
	scopes, contacts := resolvers.Scopes{Inbox: s.service, Checkpoint: s.hub.Checkpoint, Used: s.keys.Used}, resolvers.NewContactGuard(s.service)
	s.webhooks.webhookDocuments = newWebhookDocuments(schema, contract.Costs(schema.Schema()), scopes, contacts)
	var err error
	if s.trusted, err = set.trusted(schema.Schema(), s.service, s.log); err != nil {
		return nil, err
	}
	return transport.New(schema, transport.Options{
		Authenticator: authenticator{who, s.refusals, s.presence}, Introspection: set.Introspection != "off", MayIntrospect: set.mayIntrospect, Logger: s.log,
		Limits: guard.Limits{Cost: set.MaxCost}, Quota: set.quota(), Classes: set.classes(s.memory), Budget: set.budget(s.memory), RootBytes: rootBytes(), FieldCosts: contract.Costs(schema.Schema()), ItemCosts: itemCosts(schema.Schema()), Trusted: s.trusted.documents(), Proxies: set.proxies(), Observer: s.admin.metrics,
		Journal: s.admin.tracing.journal(newOperationLog(s.log, set.SlowOperation)), Keep: s.admin.tracing.keeper(), ErrorPresenter: presenter(s.log), Recover: resolvers.Recover,
		Socket:     set.sockets(set.AllowOrigin),
		Share:      share(s.service, s.hub),
		Extensions: []graphql.HandlerExtension{&resolvers.Preflight{Seals: s.seals}, scopes, contacts, resolvers.Refusals{Report: s.refusals.report}},
	})
}

// routes are the paths of the program.
func (s *server) routes(set settings, signIns []web.SignIn) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", allowOrigins(set.AllowOrigin, s.admin.tracing.received(compressed(s.graphql))))
	if s.links != nil {
		s.links.routes(mux)
	}
	mux.Handle("/", web.Handler(web.Options{DemoSignIns: signIns, Hosts: set.AllowHost, Provider: s.provider(set), Links: s.links != nil}))
	return hardened(set.TLSCert != "", mux)
}

// start runs the background work until ctx ends; the returned channel is closed
// when all of it has ended.
func (s *server) start(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { s.pump.Run(ctx) })
	running.Go(func() { s.rechecks.Run(ctx) })
	running.Go(func() { s.tail.Run(ctx) })
	running.Go(func() { s.ends.Run(ctx) })
	running.Go(func() { s.performDuties(ctx) })
	running.Go(func() { s.refusals.run(ctx) })
	running.Go(func() { s.presence.Run(ctx) })
	running.Go(func() { s.marks.Run(ctx) })
	running.Go(func() { s.drainer.Run(ctx, s.service.Queues) })
	running.Go(func() { s.keys.Run(ctx) })
	running.Go(func() { s.seals.Run(ctx) })
	running.Go(func() { s.followSecrets(ctx) })
	running.Go(func() { collectSeldom(ctx) })
	if s.policy != nil {
		running.Go(func() { s.policy.run(ctx) })
	}
	if s.trusted != nil {
		running.Go(func() { s.trusted.run(ctx) })
	}
	if s.bot != nil {
		running.Go(func() { s.bot.Run(ctx) })
	}
	if s.heartbeats != nil {
		running.Go(func() { s.heartbeats.Run(ctx) })
	}
	if s.identity.keys != nil {
		running.Go(func() { s.refreshKeys(ctx) })
	}
	go func() { running.Wait(); close(done) }()
	return done
}

func (s *server) refreshKeys(ctx context.Context) {
	if err := s.identity.keys.Run(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("the identity provider's keys are no longer refreshed", "error", err)
	}
}

// idleInterval is how often idle chats are looked for. Rule closeIdleAfter counts in
// minutes and hours; a few seconds more do not matter.
const idleInterval = 20 * time.Second

// numberAgain is the pause before the numbering of the log begins anew after a failure.
const numberAgain = time.Second

// dutyList lists the duties that one server does for all of the installation.
func (s *server) dutyList() []dispatch.Duty {
	queues := s.service.Queues
	return slices.Concat(s.presences.Duties(), s.offers.Duties(queues, s.log), s.reclaims.Duties(queues, s.log), []dispatch.Duty{
		{Name: "dispatch the queues", Every: dispatch.SweepInterval, Do: s.drainer.Sweep},
		{
			Name: "queue unclaimed conversations and wake sleepers", Every: dispatch.DeadlineInterval,
			Do: func(ctx context.Context) error { return s.deadlines.Run(ctx, queues.MeetDeadlines) },
		},
		{
			Name: "reassign after removals and lost rights", Every: time.Second, Alert: s.alerts.losses,
			Do: s.service.Offboarding.Run,
		},
		{Name: "copy changes of contacts", Every: time.Second, Alert: s.alerts.contacts, Do: s.service.Contacts.PropagatePending},
		{Name: "number the log", Every: numberAgain, Do: s.numberer.Run},
		{Name: "put back sandboxes", Every: time.Second, Alert: s.alerts.resets, Do: newResets(s.store, s.sandboxPolicy).run},
		{Name: "close idle chats", Every: idleInterval, Do: s.service.Queues.CloseIdle},
		{Name: "review owners by the policy", Every: time.Hour, Do: s.service.Offboarding.ReviewOwners},
	})
}
