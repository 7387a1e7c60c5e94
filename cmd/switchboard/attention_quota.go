package main

import (
	"fmt"
	"time"

	"switchboard/budget"
	"switchboard/inbox"
	"switchboard/inbox/attention"
	"switchboard/inbox/workspace"
)

// How often callers may say what they do at conversations. A page that types says so
// each second or two; a person has several pages.
const (
	contactStatements  = 30
	statements         = 300
	visitorsStatements = 3_000
	statementsOfAll    = 30_000
)

// attentionQuota bounds the statements of each caller on this server, and of all of a
// workspace together, visitors apart.
type attentionQuota struct {
	now                          func() time.Time
	contact, caller, guests, all *budget.Rates
}

var _ attention.Quota = (*attentionQuota)(nil)

func newAttentionQuota(now func() time.Time) *attentionQuota {
	return &attentionQuota{
		now: now, contact: perMinute(contactStatements, contactStatements), caller: perMinute(statements, statements/2),
		guests: perMinute(visitorsStatements, visitorsStatements/2), all: perMinute(statementsOfAll, statementsOfAll/2),
	}
}

// Spend takes one from the caller's own budget and from that of its like in the
// workspace, or from none.
func (q *attentionQuota) Spend(p inbox.Principal) error {
	own, shared := q.caller, q.all
	if p.Actor.Kind == workspace.ActorContact {
		own, shared = q.contact, q.guests
	}
	ws := string(p.Workspace)
	name := ws + "\x00" + string(p.Actor.Kind) + "\x00" + p.Actor.ID
	wait, _ := budget.TakeAll(q.now(), budget.Draw{From: own, Name: name, N: 1}, budget.Draw{From: shared, Name: ws, N: 1})
	if wait <= 0 {
		return nil
	}
	return &inbox.Error{
		Code: inbox.RateLimited, RetryAfter: wait,
		Message: fmt.Sprintf("You say too often what you do at conversations. Try again in %s.", inWords(wait)),
	}
}
