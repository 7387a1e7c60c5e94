package cloudevent

import (
	"encoding/json"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// Event is a record of a log. Ids are those of the API.
type Event struct {
	// ID is that of the record: see Maker.ID.
	ID string
	// Type is one of Types.
	Type string
	// Subject is the conversation or member that the record is about, Workspace its
	// workspace.
	Subject, Workspace string
	At                 time.Time
	// Data is thin: ids, kinds, and who owned the conversation before and after.
	Data json.RawMessage
}

// Source is the attribute source.
func (e Event) Source() string { return "/switchboard/workspaces/" + e.Workspace }

// Removed is the type of a record whose content retention removed.
const Removed = "record.removed"

// Types returns the types of records: one for each kind of change of ownership, and those
// of the other kinds of record.
func Types() []string {
	var out []string
	for _, kind := range inbox.EventKinds() {
		out = append(out, ownershipType(kind))
	}
	for _, kind := range eventlog.Kinds() {
		if kind != eventlog.Ownership {
			out = append(out, typeOf(kind))
		}
	}
	return append(out, Removed)
}

func ownershipType(kind inbox.EventKind) string {
	return "conversation." + strings.ToLower(string(kind))
}

// typeOf is the type of every record of a kind but Ownership.
func typeOf(kind eventlog.Kind) string {
	switch kind {
	case eventlog.Message:
		return "message.created"
	case eventlog.Availability:
		return "member.availability_changed"
	case eventlog.Contact:
		return "conversation.contact_changed"
	case eventlog.Ownership:
	}
	return ""
}

// Maker makes events of records.
type Maker struct {
	// GlobalID makes the id that the API has for a thing of a type.
	GlobalID func(typeName, id string) string
}

// ID is the id of a record: the global id of its message, or of its event. Those of a
// change of availability or of a contact name the record, and nothing that the API finds.
func (m Maker) ID(kind eventlog.Kind, id string) string {
	if kind == eventlog.Message {
		return m.id("Message", id)
	}
	return m.id("AssignmentEvent", id)
}

// id is empty for an empty id.
func (m Maker) id(typeName, id string) string {
	if id == "" {
		return ""
	}
	return m.GlobalID(typeName, id)
}

// Of returns the event of a record.
func (m Maker) Of(r eventlog.Record) (Event, error) {
	out := Event{ID: m.ID(r.Kind, r.ID), Workspace: m.id("Workspace", string(r.Workspace)), At: r.At, Type: typeOf(r.Kind)}
	d := data{Kind: string(r.Kind), Conversation: m.id("Conversation", string(r.Conversation)), At: r.At.UTC()}
	out.Subject = d.Conversation
	switch {
	case r.Gone:
		out.Type, d.Kind = Removed, "REMOVED"
	case r.Kind == eventlog.Message:
		m.message(&d, out.ID, *r.Message)
	case r.Kind == eventlog.Ownership:
		out.Type = ownershipType(r.Content.Kind)
		m.ownership(&d, r.Content)
	default:
		d.Actor = m.actor(r.Content.Actor)
		if r.Kind == eventlog.Availability {
			member := r.Content.Directory.Member
			d.Member, d.Availability = m.id("Member", string(member.ID)), string(member.Availability)
			out.Subject = d.Member
		}
	}
	var err error
	out.Data, err = json.Marshal(d)
	return out, err
}

func (m Maker) message(d *data, id string, said inbox.Message) {
	d.Message, d.Number, d.Internal, d.Actor = id, said.Sequence, said.Internal, m.actor(said.Author)
}

func (m Maker) ownership(d *data, e inbox.Event) {
	d.Kind, d.Version, d.Epoch, d.Actor = string(e.Kind), e.Version, e.Epoch, m.actor(e.Actor)
	d.From, d.To = m.owner(e.From), m.owner(e.To)
}

func (m Maker) owner(o inbox.Ownership) *owner {
	return &owner{
		Status: string(o.Status), Assignee: m.id("Member", string(o.Assignee)), Team: m.id("Team", string(o.Team)),
	}
}

func (m Maker) actor(a workspace.Actor) *actor {
	out := &actor{Kind: string(a.Kind)}
	if name := actorType(a.Kind); name != "" {
		out.ID = m.id(name, a.ID)
	}
	return out
}

func actorType(kind workspace.ActorKind) string {
	switch kind {
	case workspace.ActorMember:
		return "Member"
	case workspace.ActorAgent:
		return "AIAgent"
	case workspace.ActorContact:
		return "Contact"
	case workspace.ActorPartner:
		return "ApiKey"
	case workspace.ActorSystem:
	}
	return ""
}
