package model_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/bench/scale/model"
)

func figures(t *testing.T, set ...string) model.Figures {
	t.Helper()
	f, err := model.ReadFigures()
	require.NoError(t, err)
	f, err = f.With(set...)
	require.NoError(t, err)
	return f
}

// ten is a load that ten servers carry.
func ten() model.Scenario {
	return model.Scenario{Servers: 10, Shards: 1, People: 10_000, Verbs: 500, Size: 200, Reach: 200, Design: model.Every}
}

func one(f model.Figures, s model.Scenario) model.Result {
	return model.Run(f, []model.Scenario{s}, 1)[0]
}

func share(t *testing.T, r model.Result, resource string) float64 {
	t.Helper()
	at := slices.IndexFunc(r.Uses, func(u model.Use) bool { return u.Resource == resource })
	require.GreaterOrEqual(t, at, 0, resource)
	return r.Uses[at].Share
}

// Each figure says where it comes from, has its name once, and is measured or assumed.
func TestFiguresSayWhereTheyComeFrom(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range figures(t).All() {
		require.NotEmpty(t, f.From, f.Name)
		require.NotEmpty(t, f.Unit, f.Name)
		require.Contains(t, []string{model.Measured, model.Assumed}, f.Basis, f.Name)
		require.False(t, seen[f.Name], f.Name)
		seen[f.Name] = true
	}
}

// A value that is given is assumed, and a name or a number that is none is refused.
func TestFiguresCanBeGiven(t *testing.T) {
	all := figures(t, "database_verb=77").All()
	at := slices.IndexFunc(all, func(f model.Figure) bool { return f.Name == "database_verb" })
	require.InDelta(t, 77, all[at].Value, 0)
	require.Equal(t, model.Assumed, all[at].Basis)
	for _, wrong := range []string{"", "nothing=1", "verb_cpu", "verb_cpu=much", "verb_cpu=-1"} {
		_, err := figures(t).With(wrong)
		require.Error(t, err, wrong)
	}
}

// The same seed gives the same results, and another one nearly the same.
func TestSeedsRepeat(t *testing.T) {
	f, s := figures(t), ten()
	first, again, other := model.Run(f, []model.Scenario{s}, 1), model.Run(f, []model.Scenario{s}, 1), model.Run(f, []model.Scenario{s}, 2)
	require.Equal(t, first, again)
	require.NotEqual(t, first, other)
	require.InEpsilon(t, first[0].Verb.P50, other[0].Verb.P50, 0.1)
	require.InEpsilon(t, first[0].Delivery.P99, other[0].Delivery.P99, 0.2)
}

// Without a queue a verb takes as long as its parts together.
func TestVerbWithoutQueues(t *testing.T) {
	f := figures(t, "verb_cpu=1000", "foreign_event=0", "own_event=0", "round_trip=200", "verb_trips=5", "majority=3000", "database_verb=500")
	s := ten()
	s.Verbs = 1
	require.InEpsilon(t, 1+5*0.2+3+0.5, one(f, s).Verb.P50, 0.05)
}

// A queue of one place at half of its load waits for half of its service time in the mean,
// and has no end beyond what it can do.
func TestQueuesWait(t *testing.T) {
	f := figures(t, "verb_cpu=0", "foreign_event=0", "own_event=0", "item_cpu=0", "embedded_commit=10000", "number_record_embedded=0", "handoff_share=0", "idle_board=0")
	s := model.Scenario{Servers: 1, People: 1_000, Verbs: 1, Size: 20, Reach: 20, Design: model.Every}
	idle := one(f, s).Verb
	s.Verbs = 50
	half := one(f, s).Verb
	require.InDelta(t, 10, idle.P50, 0.5)
	require.Greater(t, half.P99, 2*idle.P99)
	require.InDelta(t, 0.5, share(t, one(f, s), "the file's writer"), 0.001)
	s.Verbs = 101
	require.Nil(t, one(f, s).Verb)
	require.True(t, one(f, s).Breaks())
	require.InDelta(t, 100, one(f, s).Carries, 1)
}

// Whatever costs more never carries more.
func TestMoreCostCarriesLess(t *testing.T) {
	f := figures(t)
	for _, dearer := range []string{"verb_cpu=100000", "item_cpu=1000", "own_event=10000", "database_verb=100000", "number_record=1000", "embedded_commit=100000", "event_bytes=1000000"} {
		costs := figures(t, dearer)
		for _, s := range model.Scenarios(f) {
			require.LessOrEqual(t, model.Load(costs, s).Carries, model.Load(f, s).Carries, "%v %s", s, dearer)
		}
	}
}

// A server that receives fewer workspaces never costs more.
func TestFollowingLessCostsLess(t *testing.T) {
	f := figures(t)
	for _, s := range model.Scenarios(f) {
		if s.Shards == 0 {
			continue
		}
		for _, resource := range []string{"server CPU", "server feed", "database CPU", "database network"} {
			last := 0.0
			for _, d := range []model.Design{model.Placed, model.Followed, model.Every} {
				s.Design = d
				now := share(t, model.Load(f, s), resource)
				require.GreaterOrEqual(t, now*1.0001, last, "%v %s", s, resource)
				last = now
			}
		}
	}
}

// People who may be on any server leave few servers without a listener.
func TestMostServersHaveAListener(t *testing.T) {
	f := figures(t, "own_event=1", "foreign_event=0")
	s := ten()
	s.Size, s.Reach = 20, 20
	require.InDelta(t, 0.878*500/1e6, share(t, one(f, s), "server feed"), 1e-6)
	s.Design = model.Placed
	require.InDelta(t, 0.2*500/1e6, share(t, one(f, s), "server feed"), 1e-6)
}
