package inbox

import (
	"slices"
	"strings"
	"time"
)

// Candidate is a member whom the rules may choose, with what the choice
// depends on.
type Candidate struct {
	Member MemberID
	Load   Load
	// Used is the part of the load that counts toward Cap.
	Used        int
	Cap         int
	OnlineSince time.Time
}

// Choose picks who gets the next conversation. Only candidates below their cap
// are picked; empty when there is none, or when members claim for themselves.
// pick answers a uniform number from 0 to n-1. B:Q2 to B:Q5.
func Choose(method Method, all []Candidate, pick func(n int) int) MemberID {
	free := slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return c.Used >= c.Cap })
	if len(free) == 0 {
		return ""
	}
	switch method {
	case Voluntary:
		return ""
	case Random:
		slices.SortFunc(free, byID)
		return free[pick(len(free))].Member
	case RoundRobin:
		return nextInRound(all, free)
	case Balanced:
	}
	return slices.MinFunc(free, leastBusy).Member
}

// leastBusy orders by load, then by who was given something longest ago, then
// by id. B:Q2.
func leastBusy(a, b Candidate) int {
	if d := a.Load.Open() - b.Load.Open(); d != 0 {
		return d
	}
	if d := a.Load.LastAutoAssigned.Compare(b.Load.LastAutoAssigned); d != 0 {
		return d
	}
	return byID(a, b)
}

func byID(a, b Candidate) int { return strings.Compare(string(a.Member), string(b.Member)) }

func byOnline(a, b Candidate) int {
	if d := a.OnlineSince.Compare(b.OnlineSince); d != 0 {
		return d
	}
	return byID(a, b)
}

// nextInRound goes round in the order in which members came online. Who got
// the last one is read from the loads, which outlive restarts and are shared
// by all servers. B:Q4.
func nextInRound(all, free []Candidate) MemberID {
	last := slices.MaxFunc(all, func(a, b Candidate) int {
		return a.Load.LastAutoAssigned.Compare(b.Load.LastAutoAssigned)
	})
	slices.SortFunc(free, byOnline)
	if last.Load.LastAutoAssigned.IsZero() {
		return free[0].Member
	}
	for _, c := range free {
		if byOnline(c, last) > 0 {
			return c.Member
		}
	}
	return free[0].Member
}
