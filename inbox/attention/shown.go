package attention

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Shown returns who of the marks at c the viewer is shown: each actor once with the
// most that it does, in the order of their ids, without the viewer. It decides by the
// rights of now, of the viewer and of whoever set a mark: nobody is shown to a viewer
// who does not see c, and nobody who may not be there. c is the conversation as it is
// now.
func Shown(viewer access.Access, c inbox.Conversation, marks []Mark) []Present {
	if len(marks) == 0 || !viewer.Sees(c) {
		return nil
	}
	var out []Present
	for _, m := range marks {
		if kind := shown(viewer, c, m); kind != "" {
			out = append(out, Present{m.Actor, kind, m.Note && kind != Viewing})
		}
	}
	slices.SortFunc(out, Present.compare)
	return slices.CompactFunc(out, func(a, b Present) bool { return a.Actor == b.Actor })
}

// shown is what the viewer is shown of one mark; empty for nothing.
func shown(viewer access.Access, c inbox.Conversation, m Mark) Kind {
	if m.Actor == viewer.Principal.Actor || m.Conversation != c.ID || m.Workspace != c.Workspace {
		return ""
	}
	subject, err := viewer.ActingAs(m.by())
	if err != nil {
		return "" // removed, revoked, suspended
	}
	kind := doing(subject, c, m)
	if viewer.Principal.Actor.Kind == workspace.ActorContact && !(kind == Typing && answers(subject, c, m)) {
		return ""
	}
	return kind
}

// doing is what the subject may be known to do at c: nothing if it may not be there, or
// is there without a trace. B:M1
func doing(subject access.Access, c inbox.Conversation, m Mark) Kind {
	switch m.Actor.Kind {
	case workspace.ActorContact:
		if m.Kind != Typing || m.Note || !subject.Sees(c) || !m.by().Holds(c) {
			return ""
		}
	case workspace.ActorAgent:
		if m.Kind != Typing || !answers(subject, c, m) {
			return ""
		}
	case workspace.ActorMember:
		return atDesk(subject, c, m)
	case workspace.ActorPartner, workspace.ActorSystem:
		return ""
	}
	return m.Kind
}

// atDesk is doing for a member, with no more than the member may do: whoever could send
// nothing is there, and does not write. That is so of the target of an offer, who reads the
// conversation before accepting it. B:T6
func atDesk(subject access.Access, c inbox.Conversation, m Mark) Kind {
	switch {
	case !access.SeesOpenly(subject, c) && !access.IsOffered(subject, c),
		access.Watches(subject, c) && !(m.Kind != Viewing && answers(subject, c, m)):
		return ""
	case !mayWrite(subject, c, m.Note):
		return Viewing
	}
	return m.Kind
}

// mayWrite reports whether the subject could send what is written: a note, or an answer, be
// it by opening c again or by taking it over.
func mayWrite(subject access.Access, c inbox.Conversation, note bool) bool {
	if note {
		return access.VerbOf(inbox.ActionReply).Judge(subject, c, access.Asked{Note: true}).Allowed
	}
	ways := []inbox.Action{inbox.ActionReply, inbox.ActionReopenSend, inbox.ActionStartNew, inbox.ActionTakeOver}
	return slices.ContainsFunc(ways, func(way inbox.Action) bool { return subject.Can(c, way).Allowed })
}

// answers reports whether the subject writes what the other side of the conversation
// will read, and could send it now.
func answers(subject access.Access, c inbox.Conversation, m Mark) bool {
	return !m.Note && m.Actor.Kind != workspace.ActorContact && subject.Can(c, inbox.ActionReply).Allowed
}
