package shelf

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// maxSavedContacts bounds the contacts of a saved filter: each is looked up.
const maxSavedContacts = 10

// checkFilter gives NOT_FOUND for an id that names nothing the caller knows, so that a
// saved filter holds no ids of other workspaces. Members, teams and AI agents that were
// removed are known: histories name them.
func (s *Service) checkFilter(ctx context.Context, a access.Access, v access.View) error {
	d := a.Directory
	for _, ids := range [][]workspace.MemberID{v.Assignees, v.FormerAssignees} {
		if err := allKnown("member", ids, d.Members); err != nil {
			return err
		}
	}
	if err := allKnown("team", v.Teams, d.Teams); err != nil {
		return err
	}
	if err := allKnown("AI agent", v.OriginAgents, d.Agents); err != nil {
		return err
	}
	if len(v.Contacts) > maxSavedContacts {
		return inbox.Invalid("filter.contactIds", "contactIds has %d entries; a saved view takes %d.", len(v.Contacts), maxSavedContacts)
	}
	for _, id := range v.Contacts {
		if _, err := s.contacts.Contact(ctx, a.Principal, id); err != nil {
			return inFilter(err)
		}
	}
	return nil
}

func allKnown[ID comparable, T any](what string, ids []ID, known map[ID]T) error {
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			return inFilter(inbox.Missing(what))
		}
	}
	return nil
}

func inFilter(err error) error {
	var e *inbox.Error
	if errors.As(err, &e) && e.Code == inbox.NotFound {
		e.Field = []string{"filter"}
	}
	return err
}
