package resolvers

import (
	"errors"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// request reads the arguments that every verb has.
func request(conversationID string, expectedVersion *int, key *string) (desk.Request, error) {
	id, err := idOf[inbox.ConversationID]("conversationId", typeConversation, conversationID)
	return desk.Request{Conversation: id, ExpectedVersion: expectedVersion, Key: value(key)}, err
}

// reasonedRequest is request with the reason code that the caller names.
func reasonedRequest(conversationID string, expectedVersion *int, key, reason *string) (desk.Request, error) {
	out, err := request(conversationID, expectedVersion, key)
	code, err2 := reasonCodeID(reason)
	out.ReasonCode = code
	return out, errors.Join(err, err2)
}

// ownerOf reads a target. The id of an AI agent is taken as such, for the
// domain to refuse.
func ownerOf(in *model.OwnerTarget) (access.Owner, error) {
	var out access.Owner
	switch {
	case in == nil:
		return out, nil
	case (in.MemberID == nil) == (in.TeamID == nil):
		return out, inbox.Invalid("to", "Give either memberId or teamId.")
	case in.TeamID != nil:
		id, err := idOf[workspace.TeamID]("to.teamId", typeTeam, *in.TeamID)
		return access.Owner{Team: id}, err
	}
	if typeName, id, ok := parseID(*in.MemberID); ok && typeName == typeAgent {
		return access.Owner{Agent: workspace.AgentID(id)}, nil
	}
	id, err := idOf[workspace.MemberID]("to.memberId", typeMember, *in.MemberID)
	return access.Owner{Member: id}, err
}

func handoffTarget(in model.RequestHandoffInput) (desk.HandoffTarget, error) {
	out := desk.HandoffTarget{RequireOnline: in.RequireOnline == nil || *in.RequireOnline}
	if in.To == nil || (in.To.Anyone != nil && !*in.To.Anyone) {
		return out, inbox.Invalid("to", "Give memberId, teamId, or anyone: true.")
	}
	if in.To.MemberID == nil && in.To.TeamID == nil {
		return out, nil
	}
	to, err := ownerOf(&model.OwnerTarget{MemberID: in.To.MemberID, TeamID: in.To.TeamID})
	out.Member, out.Team, out.Agent = to.Member, to.Team, to.Agent
	return out, err
}

func contactInput(in *model.ContactInput) contacts.NewContact {
	if in == nil {
		return contacts.NewContact{}
	}
	return contacts.NewContact{
		ExternalID: value(in.ExternalID), Name: value(in.Name), Email: value(in.Email), EmailVerified: value(in.EmailVerified),
		Phone: value(in.Phone), PhoneVerified: value(in.PhoneVerified), Attributes: attributesOf(in.Attributes),
	}
}

// maxSearch bounds a search, in bytes.
const maxSearch = 200

// words takes a search apart into the folded beginnings of words that it wants.
func (r *Resolver) words(search *string) ([]string, error) {
	if search == nil {
		return nil, nil
	}
	if len(*search) > maxSearch {
		return nil, inbox.Invalid("search", "search has %d bytes; at most %d are allowed.", len(*search), maxSearch)
	}
	if err := inbox.CheckCharacters("search", *search); err != nil {
		return nil, err
	}
	return r.Terms(*search), nil
}

func orderOf(in *model.ConversationOrder) access.Order {
	if in == nil {
		return access.Order{Field: access.ByLastActivity, Desc: true}
	}
	return access.Order{Field: in.Field, Desc: in.Direction == model.OrderDirectionDesc}
}
