package main

import (
	"context"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

type eraseCommand struct {
	Contact    string `help:"Id of the contact, as the API shows it or as it is stored." xor:"who" required:"" placeholder:"ID"`
	ExternalID string `help:"Your own id of the contact." name:"external-id" xor:"who" required:"" placeholder:"ID"`
	Yes        string `help:"The id of the contact once more, to confirm that the data is erased." placeholder:"ID"`

	operatorSettings `embed:""`
}

// erasure is the receipt of an erasure. It holds no data of the contact.
type erasure struct {
	Workspace workspace.WorkspaceID `json:"workspace"`
	Contact   string                `json:"contact"`
	At        time.Time             `json:"at"`
	// Erased names the fields that had a value.
	Erased []string `json:"erased"`
	// Merged is how many contacts were merged into this one; their external ids went.
	Merged int `json:"mergedContacts"`
	// Conversations is how many conversations lost the copies of name, address and number.
	Conversations int `json:"conversations"`
	// Messages is how many messages are in them, which stay, as subjects do.
	Messages int      `json:"messagesKept"`
	Kept     []string `json:"kept"`
}

// Run erases the contact in all collections: what conversations and past states copied of
// it too. Its tokens end on running servers.
func (c *eraseCommand) Run(ctx context.Context, in *invocation) error {
	named := c.Contact + c.ExternalID
	if err := confirmed(c.Yes, named, "the name, address, number, attributes and external ids of the contact"); err != nil {
		return err
	}
	return c.operate(ctx, in, func(o operated) error {
		before, err := c.find(ctx, o)
		if inbox.CodeOf(err) == inbox.NotFound || err == nil && before.Gone() {
			return refuse("the workspace %q has no contact %q that was not erased before", c.Workspace, named)
		}
		if err != nil {
			return databaseFailure(err)
		}
		receipt := erasure{Workspace: c.id(), Contact: resolvers.GlobalID("Contact", before.ID), Erased: erasedFields(before), Merged: len(before.Merged),
			Kept: []string{"the texts of messages", "subjects of conversations", "the contact's id"}}
		if receipt.Conversations, receipt.Messages, err = talks(ctx, o, before); err != nil {
			return databaseFailure(err)
		}
		if _, err := o.service.Contacts.EraseContact(ctx, admin.Operator(c.id()), before.ID, ""); err != nil {
			return c.refusedBy(err)
		}
		receipt.At = time.Now().UTC().Truncate(time.Millisecond)
		return c.print(in, receipt, "The contact %s was erased at %s: %d fields, %d merged contacts, and what %d conversations and their past states copied. "+
			"Its tokens ended. The texts of %d messages and the subjects stay, and the contact's id. Backups and exports that were made before still hold the data.",
			receipt.Contact, receipt.At.Format(time.RFC3339), len(receipt.Erased), receipt.Merged, receipt.Conversations, receipt.Messages)
	})
}

// find finds the contact, or the one that it was merged into.
func (c *eraseCommand) find(ctx context.Context, o operated) (inbox.Contact, error) {
	if c.ExternalID != "" {
		found, err := o.store.ContactByExternalID(ctx, c.id(), c.ExternalID)
		if err != nil || found.MergedInto == "" {
			return found, err
		}
		return contactOf(ctx, o, c.id(), found.MergedInto)
	}
	id, err := resolvers.ParseContactID(c.Contact)
	if err != nil {
		return inbox.Contact{}, inbox.Missing("contact")
	}
	return contactOf(ctx, o, c.id(), id)
}

func contactOf(ctx context.Context, o operated, ws workspace.WorkspaceID, id inbox.ContactID) (inbox.Contact, error) {
	found, err := o.store.Contacts(ctx, ws, []inbox.ContactID{id})
	if err != nil {
		return inbox.Contact{}, fmt.Errorf("read the contact: %w", err)
	}
	one, ok := found[id]
	if !ok {
		return inbox.Contact{}, inbox.Missing("contact")
	}
	if one.MergedInto != "" && one.MergedInto != id {
		return contactOf(ctx, o, ws, one.MergedInto)
	}
	return one, nil
}

func erasedFields(c inbox.Contact) []string {
	out := []string{}
	for _, field := range []struct {
		name string
		set  bool
	}{
		{"name", c.Name != ""}, {"email", c.Email != ""}, {"phone", c.Phone != ""}, {"attributes", len(c.Attributes) > 0}, {"externalId", c.ExternalID != ""},
	} {
		if field.set {
			out = append(out, field.name)
		}
	}
	return out
}

// talksPage is how many conversations are read at once.
const talksPage = 100

// talks counts the conversations of a contact, and the messages in them.
func talks(ctx context.Context, o operated, c inbox.Contact) (conversations, messages int, err error) {
	all := map[workspace.Kind]workspace.Scope{}
	for _, kind := range workspace.Kinds() {
		all[kind] = workspace.ScopeAll
	}
	q := access.ConversationQuery{
		Workspace: c.Workspace, View: access.View{List: access.ListAll, Asleep: true, Contacts: []inbox.ContactID{c.ID}}, Order: access.Order{Field: access.ByCreated},
		Visibility: access.VisibilityFilter{Scopes: all}, Page: inbox.PageRequest{Limit: talksPage},
	}
	for {
		page, err := o.store.ListConversations(ctx, q)
		if err != nil {
			return 0, 0, fmt.Errorf("count the conversations of the contact: %w", err)
		}
		for _, talk := range page.Items {
			conversations++
			messages += talk.MessageCount
		}
		if !page.HasNext {
			return conversations, messages, nil
		}
		last := page.Items[len(page.Items)-1]
		q.Page.After = &inbox.PageCursor{At: last.CreatedAt, ID: string(last.ID)}
	}
}
