package main

import (
	"time"

	"switchboard/dispatch"
	"switchboard/inbox"
)

// alerts say when duties that find nothing most of the time may have something to do.
type alerts struct {
	// left is for conversations that were up for grabs, losses for members, teams and
	// agents that may own nothing any more and for contacts that changed.
	left, losses *dispatch.Alert
}

// alertMargin is how much longer than an event says a duty is done at its usual pace: a
// commit of another server may be under way, or a try may have failed.
const alertMargin = time.Minute

func newAlerts() alerts {
	return alerts{
		left: dispatch.NewAlert(func(e inbox.Event) time.Time {
			if e.After == nil || e.After.GrabsUntil.IsZero() {
				return time.Time{}
			}
			return e.After.GrabsUntil.Add(alertMargin)
		}),
		losses: dispatch.NewAlert(func(e inbox.Event) time.Time {
			if e.Type != inbox.DirectoryEvent && e.Type != inbox.ContactEvent {
				return time.Time{}
			}
			return time.Now().Add(alertMargin)
		}),
	}
}
