package inbox

import "time"

// WakeCause is why a sleeping conversation woke. It is the reason of the event.
type WakeCause string

// The causes.
const (
	// WokenByTime is the time until which it slept.
	WokenByTime WakeCause = "TIME"
	// WokenByContact is a message of the contact, which wakes every sleeper.
	WokenByContact WakeCause = "CONTACT"
	// WokenByPerson is the owner, or a member who may assign any.
	WokenByPerson WakeCause = "PERSON"
)

// WakeCause is why the conversation of e woke; empty for every other event.
func (e Event) WakeCause() WakeCause {
	if e.Kind == EventWoken {
		return WakeCause(e.Reason)
	}
	return ""
}

// Asleep reports whether the owner put the conversation aside: it keeps its owner, counts
// for nobody's load, and is in no list but that of sleepers.
func (o Ownership) Asleep() bool { return !o.AsleepSince.IsZero() }

// AsleepUntil is when a sleeping conversation wakes by itself; zero if it sleeps until the
// contact writes, or is awake.
func (o Ownership) AsleepUntil() time.Time {
	if !o.Asleep() {
		return time.Time{}
	}
	return o.GrabsUntil
}

// Snooze lets c sleep until a time, or until the contact writes if until is zero. A
// conversation that sleeps already gets another time.
func Snooze(c Conversation, until time.Time, t Command) Move {
	to := c.Ownership
	to.GrabsUntil = until
	if !c.Asleep() {
		to.AsleepSince = t.At
	}
	return c.move(EventSnoozed, to, t)
}

// Wake ends the sleep of c. Its owner goes on with it if kept is set; otherwise it waits
// in the queue with the age that it had, for the rules to give to anyone. t carries the
// cause.
func Wake(c Conversation, kept bool, t Command) Move {
	if kept {
		return c.move(EventWoken, c.Ownership, t)
	}
	return c.move(EventWoken, c.queue(c.Team, t), t)
}

// sleepsOn reports whether an event of the kind leaves a sleeper asleep: those that say
// nothing of who works on it. Every other change of ownership wakes it.
func sleepsOn(kind EventKind) bool {
	return kind == EventSnoozed || kind == EventStatusChanged || kind == EventTeamRemoved
}

// Unseen reports whether e is a change of which the contact sees nothing: falling asleep
// and waking, a step of an offer, and a report to others, without another owner.
func (e Event) Unseen() bool {
	quiet := e.Kind == EventSnoozed || e.Kind == EventWoken || e.Kind == EventUnanswered || e.Kind.OfOffer()
	return quiet && e.From.Assignee == e.To.Assignee
}
