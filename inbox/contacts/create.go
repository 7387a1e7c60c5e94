package contacts

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// NewContact names the contact of a new conversation, who may exist, by external id
// or by a verified address or number. Empty fields are unknown.
type NewContact struct {
	ExternalID, Name, Email string

	Phone         string            `json:",omitempty"`
	EmailVerified bool              `json:",omitempty"`
	PhoneVerified bool              `json:",omitempty"`
	Attributes    []inbox.Attribute `json:",omitempty"`
}

// mayName refuses a caller who may not know the contact that an id of its own
// choice names: the conversation would show it. The error does not describe the
// contact.
func (s *Service) mayName(ctx context.Context, a access.Access, c inbox.Contact) error {
	known, err := s.means(ctx, a, c.ID)
	if err == nil && !known {
		err = inbox.Invalid("contact.externalId", "This externalId cannot be used here. Leave it out, or use another.")
	}
	return err
}
