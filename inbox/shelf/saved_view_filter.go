package shelf

import (
	"cmp"
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// maxSavedContacts bounds the contacts of a saved filter: each is looked up.
const maxSavedContacts = 10

// checkFilter gives NOT_FOUND for an id that names nothing the caller knows, so that a
// saved filter holds no ids of other workspaces. Members, teams and AI agents that were
// removed are known: histories name them.
func (s *Service) checkFilter(ctx context.Context, a access.Access, v access.View) error {
	d := a.Directory
	if err := cmp.Or(
		allKnown("member", "assigneeIds", v.Assignees, d.Members), allKnown("member", "formerAssigneeIds", v.FormerAssignees, d.Members),
		allKnown("team", "teamIds", v.Teams, d.Teams), allKnown("AI agent", "originAgentIds", v.OriginAgents, d.Agents),
	); err != nil {
		return err
	}
	if len(v.Contacts) > maxSavedContacts {
		return inbox.Invalid("filter.contactIds", "contactIds has %d entries; a saved view takes %d.", len(v.Contacts), maxSavedContacts)
	}
	for _, id := range v.Contacts {
		if _, err := s.contacts.Contact(ctx, a.Principal, id); err != nil {
			return inFilter("contactIds", err)
		}
	}
	return nil
}

func allKnown[ID comparable, T any](what, field string, ids []ID, known map[ID]T) error {
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			return inFilter(field, inbox.Missing(what))
		}
	}
	return nil
}

// inFilter is err with the field of the filter that names what was not found.
func inFilter(field string, err error) error {
	var e *inbox.Error
	if errors.As(err, &e) && e.Code == inbox.NotFound {
		e.Field = []string{"filter", field}
	}
	return err
}
