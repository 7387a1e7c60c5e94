package access

import "switchboard/inbox"

// Apply is the pure function of a verb, as it is declared.
type Apply = func(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move

// alone declares a pure function that needs nothing but the conversation. What is
// written with the step goes with it, as with every other.
func alone(f func(inbox.Conversation, inbox.Command) inbox.Move) Apply {
	return func(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move { return saying(f(c, t), w) }
}

// plain declares a verdict that does not depend on what the request names.
func plain(f func(Access, inbox.Conversation) Verdict) func(Access, inbox.Conversation, Asked) Verdict {
	return func(a Access, c inbox.Conversation, _ Asked) Verdict { return f(a, c) }
}

// saying adds the messages that are written with the step.
func saying(m inbox.Move, w Choice) inbox.Move {
	m.Event.Messages = append(m.Event.Messages, w.Messages...)
	return m
}

func send(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.Send(c, w.Messages[0], t)
}

func assign(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	if w.To.Team != "" {
		return inbox.AssignToTeam(c, w.To.Team, w.To.Member, t)
	}
	return inbox.Assign(c, w.To.Member, t)
}

func transfer(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	if w.To.Team != "" {
		return inbox.TransferToTeam(c, w.To.Team, w.To.Member, t)
	}
	return inbox.Transfer(c, w.To.Member, t)
}

func handOff(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.HandOff(c, w.To.Team, w.To.Member, w.To.Automatic, t)
}

func reopen(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return saying(inbox.Reopen(c, w.Answerer, w.Status, t), w)
}

func create(_ inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return saying(inbox.Create(w.Draft, w.To.Team, w.To.Member, w.To.Automatic, t), w)
}

func setStatus(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.SetStatus(c, w.Status, t)
}

func undo(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.Undo(c, w.Event, t)
}

func snooze(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.Snooze(c, w.Until, t)
}

// wake leaves c with its owner if that is the next one.
func wake(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return saying(inbox.Wake(c, w.To.Member == c.Assignee, t), w)
}

func autoAssign(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.AutoAssign(c, w.To.Member, t.At, t.Rules)
}

func offer(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.MakeOffer(c, w.Offer, t)
}

func declineOffer(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.DeclineOffer(c, w.Next, w.Others, t)
}

func expireOffer(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.ExpireOffer(c, w.Next, w.Cause, t)
}

func endOffer(c inbox.Conversation, t inbox.Command, w Choice) inbox.Move {
	return inbox.EndOffer(c, w.Cause, t)
}
