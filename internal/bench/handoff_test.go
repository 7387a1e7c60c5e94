package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/bench/report"
	"switchboard/internal/testdb"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/store/mongo"
)

const (
	handOffRounds = 9
	handOffBlock  = 60
)

// BenchmarkHandOff hands chats off in a workspace of 1,000 members who have
// 10,000 open conversations, and beside it in one of 10 members who have none,
// in turn, in one process with the store over the wire. The chats are closed
// again, so that both stay as they are.
func BenchmarkHandOff(b *testing.B) {
	floor := newFloor(b, mongo.Config{URI: testdb.Start(b, testdb.Options{}).URI(), Database: "handoff"})
	large, small := floor.workspace(b, "large", 1_000, 10_000), floor.workspace(b, "small", 10, 0)
	for range 2 { // warm
		large.handOffs(b, handOffBlock)
		small.handOffs(b, handOffBlock)
	}
	var ratios, ofLarge, ofSmall []float64
	for range handOffRounds {
		l, s := large.handOffs(b, handOffBlock), small.handOffs(b, handOffBlock)
		ratios, ofLarge, ofSmall = append(ratios, l/s), append(ofLarge, l), append(ofSmall, s)
	}
	b.ReportMetric(report.Median(ratios), "ratio")
	b.ReportMetric(report.Median(ofLarge)*1e6, "us/large")
	b.ReportMetric(report.Median(ofSmall)*1e6, "us/small")
	b.ReportMetric(0, "ns/op")
}

// floor is one server without its transport.
type floor struct {
	store   *mongo.Store
	service *services.Services
	ids     atomic.Int64
}

func newFloor(b *testing.B, config mongo.Config) *floor {
	b.Helper()
	opened, err := mongo.Open(context.Background(), config)
	require.NoError(b, err)
	require.NoError(b, opened.Migrate(context.Background()))
	preset, err := authz.Preset("default")
	require.NoError(b, err)
	f := &floor{store: opened}
	prefix := rand.Uint32() // several share a database
	directories, loads := live.NewDirectories(opened.Directory), live.NewLoadCache(opened.LoadsAndRotations)
	pump := feed.NewPump(opened, feed.NewHub(), slog.New(slog.DiscardHandler), directories, loads)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { pump.Run(ctx); close(ended) }()
	<-pump.Ready()
	b.Cleanup(func() {
		stop()
		<-ended
		require.NoError(b, opened.Close(context.Background()))
	})
	f.service = services.New(services.Config{
		Store: opened, Directories: directories, Policy: authz.New(preset), Now: time.Now, Pick: rand.IntN, Loads: loads,
		NewID: func() string { return fmt.Sprintf("h%09d-%d", f.ids.Add(1), prefix) },
	})
	return f
}

// staffed is one workspace of the floor.
type staffed struct {
	*floor
	ws workspace.WorkspaceID
}

// workspace makes one with this many members, all of them online, and open
// conversations, handed out by the rules.
func (f *floor) workspace(b *testing.B, ws workspace.WorkspaceID, members, open int, edits ...func(*workspace.Directory)) *staffed {
	b.Helper()
	d := workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Plan: "enterprise", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
		Keys: map[workspace.KeyID]workspace.APIKey{},
	}
	website := workspace.KeyID(ws + "-website")
	d.Keys[website] = workspace.APIKey{ID: website, Workspace: ws, Role: workspace.RoleIntegration, Rev: 1}
	d.Workspace.Rules.MaxAutoAssigned = workspace.MaxCap
	bot := workspace.AgentID(ws + "-bot")
	d.Agents[bot] = workspace.AIAgent{ID: bot, Workspace: ws, Rev: 1}
	for n := range members {
		id := workspace.MemberID(fmt.Sprintf("%s-m%04d", ws, n))
		d.Members[id] = workspace.Member{ID: id, Workspace: ws, Name: string(id), Roles: []workspace.RoleName{"agent"}, Availability: workspace.Online, Rev: 1}
	}
	for _, edit := range edits {
		edit(&d)
	}
	require.NoError(b, f.store.CreateWorkspace(context.Background(), d))
	out := &staffed{f, ws}
	for range open {
		out.start(b, "") // nobody's AI agent: handed out at once
	}
	return out
}

func (d *staffed) start(b *testing.B, agent workspace.AgentID) inbox.ConversationID {
	b.Helper()
	out, err := d.service.Intake.StartLivechat(context.Background(), d.as(workspace.ActorPartner, "-website"), desk.NewConversation{Agent: agent})
	require.NoError(b, err)
	return out.Conversation.ID
}

func (d *staffed) as(kind workspace.ActorKind, who string) inbox.Principal {
	return inbox.Principal{Workspace: d.ws, Actor: workspace.Actor{Kind: kind, ID: string(d.ws) + who}}
}

// handOffs hands n chats off and closes them, and tells how many seconds one
// hand-off took in the median.
func (d *staffed) handOffs(b *testing.B, n int) float64 {
	b.Helper()
	took := make([]float64, 0, n)
	for range n {
		id := d.start(b, workspace.AgentID(d.ws+"-bot"))
		began := time.Now()
		out, err := d.service.Desk.RequestHandoff(context.Background(), d.as(workspace.ActorAgent, "-bot"), desk.Request{Conversation: id}, desk.HandoffTarget{})
		took = append(took, time.Since(began).Seconds())
		require.NoError(b, err)
		require.NotEmpty(b, out.Conversation.Assignee)
		_, err = d.service.Desk.SetStatus(context.Background(), d.as(workspace.ActorMember, string(out.Conversation.Assignee[len(d.ws):])), desk.Request{Conversation: id}, inbox.Closed)
		require.NoError(b, err)
	}
	return report.Median(took)
}
