package storetest

import (
	"maps"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// reads ask any workspace for what the estate has.
func (e *estate) reads() map[string]func(ws workspace.WorkspaceID) (any, error) {
	out := e.readsOfTalk()
	maps.Copy(out, e.readsOfLists())
	maps.Copy(out, e.readsOfStaff())
	maps.Copy(out, e.readsOfWebhooks())
	return out
}

func (e *estate) readsOfTalk() map[string]func(ws workspace.WorkspaceID) (any, error) {
	return map[string]func(ws workspace.WorkspaceID) (any, error){
		"Conversation": func(ws workspace.WorkspaceID) (any, error) { return e.Conversation(soon(e.t), ws, e.talk.ID) },
		"Conversations": func(ws workspace.WorkspaceID) (any, error) {
			return e.Conversations(soon(e.t), ws, []inbox.ConversationID{e.talk.ID})
		},
		"ConversationByExternalID": func(ws workspace.WorkspaceID) (any, error) {
			return e.ConversationByExternalID(soon(e.t), ws, e.talk.ExternalID)
		},
		"Stars": func(ws workspace.WorkspaceID) (any, error) {
			found, err := e.Stars(soon(e.t), ws, e.member)
			return found.Conversations, err
		},
		"SavedViewLists": func(ws workspace.WorkspaceID) (any, error) {
			return e.SavedViewLists(soon(e.t), ws, []shelf.SavedViewListID{"shelf"})
		},
		"Message": func(ws workspace.WorkspaceID) (any, error) { return e.Message(soon(e.t), ws, e.said.ID) },
		"Messages": func(ws workspace.WorkspaceID) (any, error) {
			return e.Messages(soon(e.t), ws, []inbox.MessageID{e.said.ID})
		},
		"MessageByExternalID": func(ws workspace.WorkspaceID) (any, error) {
			return e.MessageByExternalID(soon(e.t), ws, e.talk.ID, e.said.ExternalID)
		},
		"ListMessages": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListMessages(soon(e.t), desk.MessageQuery{Workspace: ws, Conversation: e.talk.ID, Page: inbox.PageRequest{Limit: 10}})
		},
		"ListHistory": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListHistory(soon(e.t), desk.HistoryQuery{Workspace: ws, Conversation: e.talk.ID, Limit: 10})
		},
		"Offer": func(ws workspace.WorkspaceID) (any, error) { return e.Offer(soon(e.t), ws, e.offer.ID) },
		"ListOffers": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListOffers(soon(e.t), desk.OfferQuery{Workspace: ws, Page: inbox.PageRequest{Limit: 10}})
		},
		"ExportWorkspace": func(ws workspace.WorkspaceID) (any, error) {
			var found []string
			err := e.ExportWorkspace(soon(e.t), ws, "conversations", func(d bson.Raw) error {
				found = append(found, d.String())
				return nil
			})
			return found, err
		},
		"Event": func(ws workspace.WorkspaceID) (any, error) { return e.Event(soon(e.t), ws, e.given.ID) },
		"Events": func(ws workspace.WorkspaceID) (any, error) {
			return e.Events(soon(e.t), ws, []inbox.EventID{e.given.ID})
		},
		"LogEntries": func(ws workspace.WorkspaceID) (any, error) { return e.LogEntries(soon(e.t), ws, 0, false, 9) },
		"LogEnds":    func(ws workspace.WorkspaceID) (any, error) { return e.LogEnds(soon(e.t), ws) },
		"LogSequences": func(ws workspace.WorkspaceID) (any, error) {
			return e.LogSequences(soon(e.t), ws, []string{string(e.given.ID)})
		},
		"EventByKey": func(ws workspace.WorkspaceID) (any, error) {
			return e.EventByKey(soon(e.t), ws, workspace.System(), "key")
		},
		"EventsByKeys": func(ws workspace.WorkspaceID) (any, error) {
			return e.EventsByKeys(soon(e.t), ws, workspace.System(), "k", 5)
		},
		"Contacts": func(ws workspace.WorkspaceID) (any, error) {
			return e.Contacts(soon(e.t), ws, []inbox.ContactID{e.contact.ID})
		},
		"VerifiedContacts": func(ws workspace.WorkspaceID) (any, error) {
			return e.VerifiedContacts(soon(e.t), ws, e.contact.Email, "", 5)
		},
		"ContactByExternalID": func(ws workspace.WorkspaceID) (any, error) {
			return e.ContactByExternalID(soon(e.t), ws, e.contact.ExternalID)
		},
	}
}

func (e *estate) readsOfLists() map[string]func(ws workspace.WorkspaceID) (any, error) {
	return map[string]func(ws workspace.WorkspaceID) (any, error){
		"ListConversations": func(ws workspace.WorkspaceID) (any, error) {
			all, err := e.ListConversations(soon(e.t), everything(ws))
			if err != nil {
				return nil, err
			}
			named, err := e.ListConversations(soon(e.t), e.named(ws))
			return []any{all, named}, err
		},
		"CountConversations": func(ws workspace.WorkspaceID) (any, error) {
			all, err := e.CountConversations(soon(e.t), everything(ws), 10)
			if err != nil {
				return nil, err
			}
			named, err := e.CountConversations(soon(e.t), e.named(ws), 10)
			return []any{all, named}, err
		},
		"OwnershipSnapshots": func(ws workspace.WorkspaceID) (any, error) {
			return e.OwnershipSnapshots(soon(e.t), e.named(ws), 10)
		},
		"QueuePosition": func(ws workspace.WorkspaceID) (any, error) { // how many wait before one that comes behind
			c := e.waiting
			c.Workspace, c.ID, c.WaitingSince = ws, inbox.ConversationID(id("c")), at(9)
			position, err := e.QueuePosition(soon(e.t), c)
			return position - 1, err
		},
		"Due": func(ws workspace.WorkspaceID) (any, error) {
			return e.Due(soon(e.t), ws, inbox.Queue{Kind: e.waiting.Kind}, nil, 10)
		},
		"Idle":  func(ws workspace.WorkspaceID) (any, error) { return e.Idle(soon(e.t), ws, at(9999), 10) },
		"Waits": func(ws workspace.WorkspaceID) (any, error) { return e.Waits(soon(e.t), ws) },
		"ListNotifications": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListNotifications(soon(e.t), e.hears(ws))
		},
		"CountNotifications": func(ws workspace.WorkspaceID) (any, error) {
			return e.CountNotifications(soon(e.t), e.hears(ws), 10)
		},
		"NotificationsByID": func(ws workspace.WorkspaceID) (any, error) {
			return e.NotificationsByID(soon(e.t), ws, []inbox.NotificationID{e.told})
		},
		"ListAudit": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListAudit(soon(e.t), audit.AuditQuery{Workspace: ws, Page: inbox.PageRequest{Limit: 10}})
		},
		"ListContacts": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListContacts(soon(e.t), contacts.ContactQuery{Workspace: ws, Page: inbox.PageRequest{Limit: 10}})
		},
		"CountContacts": func(ws workspace.WorkspaceID) (any, error) {
			return e.CountContacts(soon(e.t), contacts.ContactQuery{Workspace: ws}, 10)
		},
		"CountAudit": func(ws workspace.WorkspaceID) (any, error) {
			return e.CountAudit(soon(e.t), audit.AuditQuery{Workspace: ws}, 10)
		},
	}
}

func (e *estate) hears(ws workspace.WorkspaceID) notify.NotificationQuery {
	return notify.NotificationQuery{
		Workspace: ws, Member: e.member, Audiences: []inbox.Audience{inbox.Audience("member:" + e.member)}, Page: inbox.PageRequest{Limit: 10},
	}
}

func (e *estate) readsOfStaff() map[string]func(ws workspace.WorkspaceID) (any, error) {
	return map[string]func(ws workspace.WorkspaceID) (any, error){
		"Directory": func(ws workspace.WorkspaceID) (any, error) { // what of the estate is in it
			d, err := e.Directory(soon(e.t), ws)
			if err != nil {
				return nil, err
			}
			return []any{d.Members[e.member], d.Teams[only(e.dir.Teams).ID], d.Agents[only(e.dir.Agents).ID], d.Keys[e.key]}, nil
		},
		"Member": func(ws workspace.WorkspaceID) (any, error) { return e.Member(soon(e.t), ws, e.member) },
		"Loads": func(ws workspace.WorkspaceID) (any, error) {
			return e.Loads(soon(e.t), ws, []workspace.MemberID{e.member})
		},
		"LoadsAndRotations": func(ws workspace.WorkspaceID) (any, error) {
			loads, rotations, err := e.LoadsAndRotations(soon(e.t), ws, []workspace.MemberID{e.member}, []workspace.TeamID{e.rotation.Team})
			return []any{loads, rotations}, err
		},
		"KeyUses": func(ws workspace.WorkspaceID) (any, error) {
			return e.KeyUses(soon(e.t), ws, []workspace.KeyID{e.key})
		},
		"ReadMarks": func(ws workspace.WorkspaceID) (any, error) {
			marks, err := e.ReadMarks(soon(e.t), ws, e.member)
			return marks.Rev, err
		},
		"PresencesOf": func(ws workspace.WorkspaceID) (any, error) { return e.PresencesOf(soon(e.t), ws, e.member) },
	}
}
