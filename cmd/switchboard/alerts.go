package main

import (
	"time"

	"switchboard/dispatch"
	"switchboard/inbox"
)

// alerts say when duties that find nothing most of the time may have something to do.
type alerts struct {
	// losses is for members, teams and agents that may own nothing any more and for
	// contacts that changed.
	losses *dispatch.Alert
	// resets is for sandboxes that are put back.
	resets *dispatch.Alert
}

// alertMargin is how much longer than an event says a duty is done at its usual pace: a
// commit of another server may be under way, or a try may have failed.
const alertMargin = time.Minute

func newAlerts() alerts {
	return alerts{
		losses: dispatch.NewAlert(func(e inbox.Event) time.Time {
			if e.Type != inbox.DirectoryEvent && e.Type != inbox.ContactEvent {
				return time.Time{}
			}
			return time.Now().Add(alertMargin)
		}),
		resets: dispatch.NewAlert(func(e inbox.Event) time.Time {
			if e.Directory == nil || e.Directory.Workspace == nil || !e.Directory.Workspace.Resetting() {
				return time.Time{}
			}
			return time.Now().Add(alertMargin)
		}),
	}
}
