package eventlog

import "switchboard/inbox"

// Of returns what e brings into the log, without numbers, in their order: the change
// first, then each message that was written with it. Most events of the directory, stars
// and contact tokens bring nothing.
func Of(e inbox.Event) []Entry {
	var out []Entry
	if kind, is := kindOf(e); is {
		out = append(out, entry(e, kind, string(e.ID)))
	}
	for _, m := range e.Messages {
		out = append(out, entry(e, Message, string(m.ID)))
	}
	return out
}

// LastOf returns the id of the last entry of Of; false if there is none.
func LastOf(e inbox.Event) (id string, brings bool) {
	if n := len(e.Messages); n > 0 {
		return string(e.Messages[n-1].ID), true
	}
	_, brings = kindOf(e)
	return string(e.ID), brings
}

// kindOf is the kind of the change that e is; false for one that is none by itself.
func kindOf(e inbox.Event) (kind Kind, is bool) {
	switch e.Type {
	case inbox.OwnershipEvent:
		return Ownership, true
	case inbox.ContactEvent:
		return Contact, e.After != nil
	case inbox.DirectoryEvent:
		return Availability, e.Directory != nil && e.Directory.Member != nil && e.Directory.Member.AvailabilityChanged()
	case inbox.MessageEvent, inbox.ContactTokensEvent, inbox.StarEvent, inbox.ReceiptEvent:
	}
	return "", false
}

func entry(e inbox.Event, kind Kind, id string) Entry {
	return Entry{Workspace: e.Workspace, Kind: kind, ID: id, Event: e.ID, Conversation: e.Conversation, At: e.At}
}

// with returns the record of an entry whose event is e.
func (n Entry) with(e inbox.Event, found bool) Record {
	r := Record{Entry: n, Content: e, Gone: !found}
	if !found || n.Kind != Message {
		return r
	}
	for i := range e.Messages {
		if string(e.Messages[i].ID) == n.ID {
			r.Message = &e.Messages[i]
			return r
		}
	}
	return Record{Entry: n, Gone: true}
}
