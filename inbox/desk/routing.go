package desk

import (
	"slices"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Candidate is a member whom the rules may choose, with the values that the choice
// depends on.
type Candidate struct {
	Member workspace.MemberID
	Load   workspace.Load
	// Used is the part of the load that counts toward Cap.
	Used        int
	Cap         int
	OnlineSince time.Time
}

// Choose picks the member for the next conversation. It picks only candidates below
// their cap; ok is false if there is none, or if members claim for themselves. last
// is the state of ROUND_ROBIN; pick returns a uniform number from 0 to n-1. B:Q2 to
// B:Q5.
func Choose(method workspace.Method, all []Candidate, last inbox.Rotation, pick func(n int) int) (chosen Candidate, ok bool) {
	free := slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return c.Used >= c.Cap })
	if len(free) == 0 {
		return Candidate{}, false
	}
	switch method {
	case workspace.Voluntary:
		return Candidate{}, false
	case workspace.Random:
		return free[pick(len(free))], true
	case workspace.RoundRobin:
		return nextInRotation(free, last), true
	case workspace.Balanced:
	}
	return slices.MinFunc(free, leastBusy), true
}

// leastBusy orders by load, then by the time of the last assignment, then by id.
// B:Q2.
func leastBusy(a, b Candidate) int {
	if d := a.Load.Held() - b.Load.Held(); d != 0 {
		return d
	}
	if d := a.Load.LastAutoAssigned.Compare(b.Load.LastAutoAssigned); d != 0 {
		return d
	}
	return byID(a, b)
}

// anyAsBusy picks among all members who are as busy as chosen: otherwise many that
// lost a race for the same member would all meet again at the next.
func anyAsBusy(chosen Candidate, all []Candidate, pick func(n int) int) Candidate {
	same := slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool {
		return c.Used >= c.Cap || c.Load.Held() != chosen.Load.Held()
	})
	return same[pick(len(same))]
}

func byID(a, b Candidate) int { return strings.Compare(string(a.Member), string(b.Member)) }

func byOnline(a, b Candidate) int {
	if d := a.OnlineSince.Compare(b.OnlineSince); d != 0 {
		return d
	}
	return byID(a, b)
}

// nextInRotation rotates in the order in which members came online: the first after
// the member of the last assignment, else the first of all. B:Q4.
func nextInRotation(free []Candidate, last inbox.Rotation) Candidate {
	place := Candidate{Member: last.Member, OnlineSince: last.Since}
	behind := slices.DeleteFunc(slices.Clone(free), func(c Candidate) bool { return byOnline(c, place) <= 0 })
	if last.Count == 0 || len(behind) == 0 {
		behind = free
	}
	return slices.MinFunc(behind, byOnline)
}
