package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// keepers are the arguments of each root field with which it keeps the most, or is shared
// least. NUM numbers a subscription, SECOND is a time of its own, ID a conversation, and
// IDS are a hundred variables. At once says that an item comes without any event.
var keepers = map[string]struct {
	arguments []string
	atOnce    bool
}{
	"assignmentEvents":    {arguments: []string{"", `(filter: {conversationIds: $ids})`}},
	"conversationUpdates": {arguments: []string{`(id: "ID")`}},
	"inboxChanges":        {arguments: []string{`(view: {})`, `(view: {search: "word NUM"})`, `(view: {starred: true})`}},
	"inboxCounts": {atOnce: true, arguments: []string{
		`(views: [{}])`, `(views: [{list: MINE}, {list: UNASSIGNED}, {list: QUEUED}, {list: MY_TEAMS}, {}, {kinds: [LIVECHAT]}, {handlers: [AI]}])`,
		`(views: [{lastActivityBetween: {from: "SECOND"}}])`, `(views: [{lastActivityBetween: {from: "SECOND"}}, {list: MINE, createdBetween: {from: "SECOND"}}])`,
	}},
	"viewerChanges": {arguments: []string{""}},
	"workloads":     {atOnce: true, arguments: []string{""}},
	"notifications": {arguments: []string{""}},
	"attention":     {atOnce: true, arguments: []string{`(of: {view: {}})`, `(of: {conversationIds: $ids})`}},
	"eventLog":      {arguments: []string{""}},
}

// hundred are as many global ids that a subscription names.
func hundred() (out []string) {
	for i := range 100 {
		out = append(out, resolvers.ConversationID(conversationOf("none", i)))
	}
	return out
}

// selectionOf selects everything to a depth, each leaf so many times.
func selectionOf(s *ast.Schema, of *ast.Type, depth, repeats int) string {
	d, out := s.Types[of.Name()], []string{}
	for _, f := range d.Fields {
		demands := slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
		switch leaf := s.Types[f.Type.Name()].IsLeafType(); {
		case demands || strings.HasPrefix(f.Name, "__"):
		case leaf:
			out = append(out, strings.Repeat(f.Name+" ", repeats))
		case depth > 1:
			out = append(out, f.Name+selectionOf(s, f.Type, depth-1, repeats))
		}
	}
	if len(out) == 0 {
		out = append(out, "__typename")
	}
	return "{" + strings.Join(out, " ") + "}"
}

// load is one form of a subscription, many of which are weighed.
type load struct {
	ws             workspace.WorkspaceID
	root           *ast.FieldDefinition
	arguments      string
	depth, repeats int
	distinct       bool // each with a document of its own
	round          int  // and in each round others
}

func (l load) String() string {
	return fmt.Sprint(l.root.Name, l.arguments, " in the ", l.ws, " workspace, depth ", l.depth, ", each leaf ", l.repeats, " times, documents of their own: ", l.distinct)
}

// asked is the one with a number.
func (l load) asked(i int) asked {
	name, variables := "", map[string]any(nil)
	if l.distinct {
		name = fmt.Sprint(" S", l.round, "x", i)
	}
	if strings.Contains(l.arguments, "$ids") {
		name, variables = cmp.Or(name, " S")+"($ids: [ID!])", map[string]any{"ids": hundred()}
		if l.root.Name == "attention" {
			name = strings.Replace(name, "]", "]!", 1)
		}
	}
	arguments := strings.NewReplacer(
		"NUM", fmt.Sprint(i), "SECOND", fmt.Sprintf("2000-01-01T00:%02d:%02dZ", i/60, i%60), "ID", resolvers.ConversationID(conversationOf(l.ws, 0)),
	).Replace(l.arguments)
	query := "subscription" + name + "{" + l.root.Name + arguments + selectionOf(apiSchema(), l.root.Type, l.depth, l.repeats) + "}"
	if l.depth > 1 {
		query += strings.Repeat(" ", max(0, uncached-len(query)))
	}
	return asked{query, variables}
}

// loads are all forms of all root fields: a new field is found here.
func loads(t *testing.T) (out []load) {
	t.Helper()
	for _, root := range apiSchema().Subscription.Fields {
		if strings.HasPrefix(root.Name, "__") {
			continue
		}
		require.Contains(t, keepers, root.Name, "say with which arguments it keeps the most")
		for _, arguments := range keepers[root.Name].arguments {
			for _, distinct := range []bool{false, true} {
				for ws := range population {
					out = append(out, load{ws: ws, root: root, arguments: arguments, depth: 1, repeats: 1, distinct: distinct})
				}
			}
			for _, repeats := range []int{1, 15} {
				out = append(out, load{ws: "small", root: root, arguments: arguments, depth: 2, repeats: repeats, distinct: true})
			}
		}
	}
	return out
}

const (
	// loaded is how many of a load are weighed.
	loaded = 50
	// uncached is the length of a document that no cache keeps: what pushes another out of
	// a cache seems to take nothing.
	uncached = 17 << 10
	// widest is how often a subscription may be estimated at what it takes, beside little.
	widest, little = 6, 6 << 10
	// narrowest is what part of what it takes it may be estimated at, one in so many: what
	// else the program does meanwhile is weighed along.
	narrowest = 2
)

// weigh returns what the subscriptions of a load take, and what they are estimated at.
func (s *scale) weigh(l load) (taken, estimated int64) {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	heard := s.srv.hub.Subscriptions()
	defer s.leave(cancel, heard)
	before := weight()
	s.received.Store(0)
	all := make([]asked, loaded)
	for i := range all {
		all[i] = l.asked(i)
	}
	s.open(ctx, l.ws, 0, all...)
	s.until(func() bool {
		now := s.srv.graphql.Stats()
		begun := now.Members == loaded || s.srv.hub.Subscriptions()-heard >= loaded
		return now.Subscriptions == loaded && now.Beginning == 0 && begun && (!keepers[l.root.Name].atOnce || s.received.Load() >= loaded)
	})
	return weight() - before, s.srv.graphql.Stats().Bytes
}

// The estimate by which subscriptions are admitted is not much less than the memory that they
// take, and not many times as much: for every root field, alone and together, in small and
// large workspaces, with short and long documents.
func TestWalkSubscriptionsTakeWhatIsEstimated(t *testing.T) {
	walk.Alone(t)
	s := newScale(t, "--subscription-memory", "65536")
	for _, l := range loads(t) {
		t.Run(l.String(), func(t *testing.T) { s.T = t; s.compare(l) })
	}
}

func (s *scale) compare(l load) {
	s.Helper()
	s.weigh(l) // warms up
	var taken, estimated int64
	ok := false
	for l.round = 1; l.round <= 5 && !ok; l.round++ { // something else may be at work
		taken, estimated = s.weigh(l)
		ok = taken <= narrowest*estimated && estimated <= widest*taken+loaded*little
	}
	s.Logf("%6.1f KB, estimated %6.1f (%.1f)", float64(taken)/loaded/1024, float64(estimated)/loaded/1024, float64(estimated)/float64(taken))
	if !ok {
		s.Error("wrong estimate")
	}
}

// hostile asks for twenty counts of its own, which nobody shares.
func hostile(i int) asked {
	var views []string
	for v := range 20 {
		views = append(views, fmt.Sprintf(`{lastActivityBetween: {from: "2000-01-01T%02d:%02d:%02dZ"}}`, v, i/60, i%60))
	}
	return asked{"subscription{inboxCounts(views: [" + strings.Join(views, ",") + "]) {counts {count}}}", nil}
}

// A caller who asks for ever more that nobody shares is refused within its budget, also
// when it was admitted before it was known how much there is.
func TestWhatNobodySharesIsRefusedEarly(t *testing.T) {
	const budget = 4 << 20
	s := newScale(t, "--subscription-memory", fmt.Sprint(callerShare*budget>>20))
	s.tolerant = true
	ctx, cancel := context.WithCancel(t.Context())
	heard, before := s.srv.hub.Subscriptions(), weight()
	defer s.leave(cancel, heard)
	const asking = 30
	all := make([]asked, asking)
	for i := range all {
		all[i] = hostile(i)
	}
	s.open(ctx, "large", 0, all...)
	s.until(func() bool { // a socket that is refused too often is closed
		return s.refusal.Load() != nil && (s.received.Load() >= asking || s.srv.graphql.Stats().Sockets == 0)
	})
	require.LessOrEqual(t, s.srv.graphql.Stats().Bytes, int64(budget))
	require.Less(t, s.srv.graphql.Stats().Subscriptions, asking)
	require.Contains(t, *s.refusal.Load(), "LIMIT_EXCEEDED")
	require.Less(t, weight()-before, int64(2*budget))
}

// board is what a page of somebody who works holds open.
func board() []asked {
	const row = `id subject status handler version revision lastActivityAt waitingSince assignee { id name } team { id name } contact { id name }`
	return []asked{
		{Query: `subscription { inboxChanges(view: {statuses: [OPEN, UNSET]}) { cursor gap change reason conversationId conversation { ` + row + ` } } }`},
		{Query: `subscription { notifications { id kind at read claimable actor { ... on Member { id name } } conversation { id subject } gone } }`},
		{Query: `subscription { inboxCounts(views: [
			{list: MINE, statuses: [OPEN, UNSET]}, {list: UNASSIGNED}, {list: QUEUED}, {list: MY_TEAMS, statuses: [OPEN, UNSET]},
			{statuses: [OPEN, UNSET]}, {kinds: [LIVECHAT], statuses: [OPEN, UNSET]}, {handlers: [AI], statuses: [OPEN, UNSET]}
		]) { cursor counts { view count } } }`},
	}
}

// One server admits 10,000 boards in 500 workspaces by its defaults: with 4 GB, and where
// nothing says how much there is. Those of one workspace are opened, and counted 500 times.
// What is a board's own has no goroutine while it waits: its stack would be most of it.
func TestTenThousandBoardsAreAdmitted(t *testing.T) {
	const workspaces, people = 500, 20
	s := newScale(t)
	ctx, cancel := context.WithCancel(t.Context())
	heard := s.srv.hub.Subscriptions()
	defer s.leave(cancel, heard)
	for i := range people {
		s.open(ctx, "small", i, board()...)
	}
	s.until(func() bool {
		now := s.srv.graphql.Stats()
		return now.Subscriptions == people*len(board()) && now.Members == people && s.received.Load() >= people
	})
	s.until(func() bool { return !strings.Contains(goroutines(), "follow.(*Stream") }) // none waits in one
	bytes := workspaces * s.srv.graphql.Stats().Bytes
	set := runTest(t, deps{}, nil, "serve", "--memory").served
	t.Logf("%d KB a board", bytes/workspaces/people>>10)
	for _, m := range []memory{{}, {4 << 30 * 9 / 10}} {
		require.LessOrEqual(t, bytes, set.budget(m).Bytes)
		require.LessOrEqual(t, bytes/workspaces, set.budget(m).BytesByTenant)
	}
	require.LessOrEqual(t, workspaces*people*len(board()), set.MaxSubscriptions)
	require.LessOrEqual(t, workspaces*people, set.MaxConnections)
}

// goroutines are the stacks of all.
func goroutines() string {
	var out strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&out, 1)
	return out.String()
}
