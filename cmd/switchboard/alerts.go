package main

import (
	"time"

	"switchboard/dispatch"
	"switchboard/inbox"
)

// alerts say when duties that find nothing most of the time may have something to do.
type alerts struct {
	// losses is for members, teams and agents that may own nothing any more.
	losses *dispatch.Alert
	// contacts is for those that changed.
	contacts *dispatch.Alert
	// resets is for sandboxes that are put back.
	resets *dispatch.Alert
}

// alertMargin is how much longer than an event says a duty is done at its usual pace: a
// commit of another server may be under way, or a try may have failed.
const alertMargin = time.Minute

func newAlerts() alerts {
	return alerts{
		losses:   alertOf(func(e inbox.Event) bool { return e.Type == inbox.DirectoryEvent }),
		contacts: alertOf(func(e inbox.Event) bool { return e.Type == inbox.ContactEvent }),
		resets: alertOf(func(e inbox.Event) bool {
			return e.Directory != nil && e.Directory.Workspace != nil && e.Directory.Workspace.Resetting()
		}),
	}
}

// alertOf is raised by some events.
func alertOf(such func(inbox.Event) bool) *dispatch.Alert {
	return dispatch.NewAlert(func(e inbox.Event) time.Time {
		if !such(e) {
			return time.Time{}
		}
		return time.Now().Add(alertMargin)
	})
}
