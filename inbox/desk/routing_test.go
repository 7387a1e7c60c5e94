package desk_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

func first(int) int { return 0 }

// candidate came online `online` minutes after the start and was last given
// something `last` minutes after it; a negative number is never.
func candidate(id workspace.MemberID, open, limit, online, last int) desk.Candidate {
	c := desk.Candidate{
		Member: id, Load: workspace.Load{Livechats: open}, Used: open, Cap: limit,
		OnlineSince: world.Start().Add(time.Duration(online) * time.Minute),
	}
	if last >= 0 {
		c.Load.LastAutoAssigned = world.Start().Add(time.Duration(last) * time.Minute)
	}
	return c
}

// turned is a rotation that gave the last one to id, who came online then.
func turned(id workspace.MemberID, online int) inbox.Rotation {
	return inbox.Rotation{Member: id, Since: world.Start().Add(time.Duration(online) * time.Minute), Count: 1}
}

func TestChoose(t *testing.T) {
	for name, c := range map[string]struct {
		method workspace.Method
		all    []desk.Candidate
		pick   func(int) int
		want   workspace.MemberID
		last   inbox.Rotation
	}{
		// B:Q7
		"nobody is eligible":       {workspace.Balanced, nil, first, "", inbox.Rotation{}},
		"all are at the cap":       {workspace.Balanced, []desk.Candidate{candidate("a", 3, 3, 0, 0), candidate("b", 4, 3, 0, 0)}, first, "", inbox.Rotation{}},
		"nobody, at random":        {workspace.Random, nil, first, "", inbox.Rotation{}},
		"nobody, in turn":          {workspace.RoundRobin, nil, first, "", inbox.Rotation{}},
		"all at the cap, in turn":  {workspace.RoundRobin, []desk.Candidate{candidate("a", 3, 3, 0, 0)}, first, "", inbox.Rotation{}},
		"members claim themselves": {workspace.Voluntary, []desk.Candidate{candidate("a", 0, 3, 0, 0)}, first, "", inbox.Rotation{}}, // B:Q5
		// B:Q2
		"the fewest open":               {workspace.Balanced, []desk.Candidate{candidate("a", 2, 9, 0, 0), candidate("b", 1, 9, 0, 5)}, first, "b", inbox.Rotation{}},
		"a tie goes to the longest ago": {workspace.Balanced, []desk.Candidate{candidate("a", 1, 9, 0, 7), candidate("b", 1, 9, 0, 5)}, first, "b", inbox.Rotation{}},
		"a tie goes to who never had":   {workspace.Balanced, []desk.Candidate{candidate("a", 1, 9, 0, 0), candidate("b", 1, 9, 0, -1)}, first, "b", inbox.Rotation{}},
		"a tie goes by id":              {workspace.Balanced, []desk.Candidate{candidate("b", 1, 9, 0, 5), candidate("a", 1, 9, 0, 5)}, first, "a", inbox.Rotation{}},
		"the cap comes first":           {workspace.Balanced, []desk.Candidate{candidate("a", 1, 1, 0, 0), candidate("b", 5, 9, 0, 0)}, first, "b", inbox.Rotation{}}, // B:Q6
		// B:Q3
		"random takes the number":    {workspace.Random, []desk.Candidate{candidate("b", 1, 9, 0, 0), candidate("a", 1, 9, 0, 0)}, func(n int) int { return n - 1 }, "a", inbox.Rotation{}},
		"random leaves out the full": {workspace.Random, []desk.Candidate{candidate("a", 1, 9, 0, 0), candidate("b", 9, 9, 0, 0)}, func(n int) int { return n - 1 }, "a", inbox.Rotation{}},
		// B:Q4
		"in turn begins with the first online": {workspace.RoundRobin, []desk.Candidate{candidate("a", 0, 9, 2, -1), candidate("b", 0, 9, 1, -1)}, first, "b", inbox.Rotation{}},
		"in turn goes on":                      {workspace.RoundRobin, []desk.Candidate{candidate("a", 0, 9, 2, 1), candidate("b", 0, 9, 1, 5), candidate("c", 0, 9, 3, -1)}, first, "a", turned("b", 1)},
		"in turn goes round":                   {workspace.RoundRobin, []desk.Candidate{candidate("a", 0, 9, 2, 5), candidate("b", 0, 9, 1, 1)}, first, "b", turned("a", 2)},
		"in turn skips the full":               {workspace.RoundRobin, []desk.Candidate{candidate("a", 9, 9, 2, 1), candidate("b", 0, 9, 1, 5), candidate("c", 0, 9, 3, 0)}, first, "c", turned("b", 1)},
		"the full still hold their place":      {workspace.RoundRobin, []desk.Candidate{candidate("a", 9, 9, 2, 5), candidate("b", 0, 9, 1, 3), candidate("c", 0, 9, 3, 4)}, first, "c", turned("a", 2)},
		"who went keeps the place":             {workspace.RoundRobin, []desk.Candidate{candidate("a", 0, 9, 2, -1), candidate("c", 0, 9, 3, -1)}, first, "c", turned("gone", 2)},
		"who comes back is at the end":         {workspace.RoundRobin, []desk.Candidate{candidate("a", 0, 9, 2, -1), candidate("b", 0, 9, 7, -1)}, first, "b", turned("a", 2)},
		"online together, by id":               {workspace.RoundRobin, []desk.Candidate{candidate("b", 0, 9, 0, -1), candidate("a", 0, 9, 0, -1)}, first, "a", inbox.Rotation{}},
	} {
		t.Run(name, func(t *testing.T) {
			chosen, ok := desk.Choose(c.method, c.all, c.last, c.pick)
			require.Equal(t, c.want, chosen.Member)
			require.Equal(t, c.want != "", ok)
		})
	}
}

// feed gives n conversations one by one and counts who got how many.
func feed(method workspace.Method, all []desk.Candidate, n int, pick func(int) int) (order []workspace.MemberID) {
	var last inbox.Rotation
	for i := range n {
		chosen, ok := desk.Choose(method, all, last, pick)
		order = append(order, chosen.Member)
		if ok {
			last = inbox.Rotation{Member: chosen.Member, Since: chosen.OnlineSince, Count: last.Count + 1}
		}
		for j := range all {
			if all[j].Member == chosen.Member {
				all[j].Load.Livechats++
				all[j].Used++
				all[j].Load.LastAutoAssigned = world.Start().Add(time.Duration(i+1) * time.Second)
			}
		}
	}
	return order
}

// Fed one by one, equals never differ by more than one, and nobody exceeds the
// cap, by any method. B:Q2, B:Q6
func TestChooseIsFairAndKeepsTheCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 6).Draw(t, "cap")
		people := rapid.IntRange(1, 7).Draw(t, "people")
		n := rapid.IntRange(1, 50).Draw(t, "conversations")
		method := rapid.SampledFrom([]workspace.Method{workspace.Balanced, workspace.Random, workspace.RoundRobin}).Draw(t, "method")
		var all []desk.Candidate
		for i := range people {
			all = append(all, candidate(workspace.MemberID(fmt.Sprint("m", i)), 0, limit, rapid.IntRange(0, 3).Draw(t, "online"), -1))
		}
		order := feed(method, all, n, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") })
		least, most, given := limit, 0, 0
		for _, c := range all {
			least, most, given = min(least, c.Used), max(most, c.Used), given+c.Used
		}
		if most > limit {
			t.Fatalf("%s gave %d to one member, over the cap of %d", method, most, limit)
		}
		if given != min(n, limit*people) {
			t.Fatalf("%s gave out %d of %d", method, given, min(n, limit*people))
		}
		if method != workspace.Random && most-least > 1 {
			t.Fatalf("%s left one with %d and another with %d: %v", method, least, most, order)
		}
	})
}

// B:Q4
func TestRoundRobinKeepsTheOrderOfComingOnline(t *testing.T) {
	all := []desk.Candidate{candidate("a", 0, 99, 3, -1), candidate("b", 0, 99, 1, -1), candidate("c", 0, 99, 2, -1)}
	require.Equal(t, []workspace.MemberID{"b", "c", "a", "b", "c", "a", "b"}, feed(workspace.RoundRobin, all, 7, first))
}

// Uniform by chi-square, at 0.001: with four members the statistic stays below
// 16.27 (three degrees of freedom) for every one of these seeds. B:Q3
func TestRandomIsUniform(t *testing.T) {
	const draws, limit = 4_000, 16.27
	all := []desk.Candidate{candidate("a", 3, 9, 0, 0), candidate("b", 0, 9, 1, 1), candidate("c", 8, 9, 2, 2), candidate("d", 1, 9, 3, 3), candidate("full", 9, 9, 4, -1)}
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		counts := map[workspace.MemberID]float64{}
		for range draws {
			chosen, _ := desk.Choose(workspace.Random, all, inbox.Rotation{}, random.IntN)
			counts[chosen.Member]++
		}
		require.Len(t, counts, 4, "somebody at the cap was chosen, or somebody never")
		chi := 0.0
		for _, n := range counts {
			chi += (n - draws/4) * (n - draws/4) / (draws / 4)
		}
		require.Less(t, chi, limit, "seed %d: %v", seed, counts)
	}
}

// B:Q1
func TestEligible(t *testing.T) {
	w := world.NewWorld(t)
	w.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Away })
	w.Member(world.Senior, func(m *workspace.Member) { m.Availability = workspace.Offline })
	a := w.Access(t, world.AsMember(world.Owner))
	require.Equal(t, []workspace.MemberID{world.Me, world.Manager}, world.IDsOf(access.Eligible(a, workspace.Livechat, world.Billing)), "an observer is no live agent, who is away gets nothing new")
	require.Equal(t, []workspace.MemberID{world.Me, world.Manager, world.Owner, world.Stranger}, world.IDsOf(access.Eligible(a, workspace.Ticket, "")))
	w.Member(world.Me, func(m *workspace.Member) { m.Removed = true })
	require.Equal(t, []workspace.MemberID{world.Manager}, world.IDsOf(access.Eligible(w.Access(t, world.AsMember(world.Owner)), workspace.Livechat, world.Billing)))
}

// The narrower cap wins: member, team, workspace. B:Q6
func TestCapFor(t *testing.T) {
	w := world.NewWorld(t)
	two, three := 2, 3
	capOf := func(team workspace.TeamID) int {
		return access.CapFor(w.Access(t, world.AsMember(world.Owner)), w.Roster.Members[world.Me], team)
	}
	require.Equal(t, 10, capOf(""))
	require.Equal(t, 10, capOf(world.Billing))
	team := w.Roster.Teams[world.Billing]
	team.MaxAutoAssigned = &three
	w.Roster.Teams[world.Billing] = team
	require.Equal(t, 3, capOf(world.Billing))
	require.Equal(t, 10, capOf(""))
	w.Member(world.Me, func(m *workspace.Member) { m.MaxAutoAssigned = &two })
	require.Equal(t, 2, capOf(world.Billing))
}

// B:Q9
func TestMethodFor(t *testing.T) {
	for _, c := range []struct {
		plan            workspace.PlanName
		workspace, team workspace.Method
		want            workspace.Method
		fellBack        bool
	}{
		{"enterprise", workspace.Voluntary, "", workspace.Voluntary, false},
		{"enterprise", workspace.Voluntary, workspace.RoundRobin, workspace.RoundRobin, false},
		{"free", workspace.Balanced, "", workspace.Balanced, false},
		{"free", workspace.Random, "", workspace.Balanced, true},
		{"lite", workspace.Random, "", workspace.Random, false},
		{"lite", workspace.RoundRobin, "", workspace.Balanced, true},
		{"pro", workspace.RoundRobin, "", workspace.RoundRobin, false},
		{"pro", workspace.Balanced, workspace.Voluntary, workspace.Balanced, true},
		{"total", workspace.Voluntary, "", workspace.Voluntary, false},
	} {
		w := world.NewWorld(t)
		w.Roster.Workspace.Plan = c.plan
		w.Rules(func(r *workspace.Rules) { r.Method = c.workspace })
		team := w.Roster.Teams[world.Billing]
		team.Method = c.team
		w.Roster.Teams[world.Billing] = team
		method, fellBack := access.MethodFor(w.Access(t, world.AsMember(world.Me)), world.Billing)
		require.Equal(t, c.want, method, c)
		require.Equal(t, c.fellBack, fellBack, c)
	}
}

// B:Q11
func TestTicketsCountOnlyWhenTheRulesGiveThem(t *testing.T) {
	load := workspace.Load{Livechats: 2, Tickets: 3}
	rules := workspace.DefaultRules()
	require.Equal(t, 2, load.Used(rules.CountedKinds()))
	require.True(t, rules.Routes(workspace.Livechat))
	require.False(t, rules.Routes(workspace.Ticket))
	rules.AutoAssignTickets = true
	require.Equal(t, 5, load.Used(rules.CountedKinds()))
	require.True(t, rules.Routes(workspace.Ticket))
	require.Equal(t, 5, load.Open())
}
