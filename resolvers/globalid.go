package resolvers

import (
	"encoding/base64"
	"strings"

	"switchboard/inbox"
)

// The types that have a global id.
const (
	typeConversation = "Conversation"
	typeEvent        = "AssignmentEvent"
	typeMember       = "Member"
	typeAgent        = "AIAgent"
	typeContact      = "Contact"
	typeTeam         = "Team"
	typeMessage      = "Message"
	typeWorkspace    = "Workspace"
	typeAPIKey       = "ApiKey"
	typeNotification = "Notification"
	typeSavedView    = "SavedView"
	typeWebhook      = "WebhookEndpoint"
	typeOffer        = "TransferOffer"
	typeReasonCode   = "ReasonCode"
)

// maxGlobalID bounds the length of an id that is parsed, in bytes.
const maxGlobalID = 256

// GlobalID makes the id that clients see.
func GlobalID[T ~string](typeName string, id T) string {
	return base64.RawURLEncoding.EncodeToString([]byte(typeName + ":" + string(id)))
}

// ConversationID makes the global id of a conversation.
func ConversationID(id inbox.ConversationID) string { return GlobalID(typeConversation, id) }

// ParseConversationID reads the global id of a conversation, or takes its bare
// id as it is. INVALID_INPUT for anything else.
func ParseConversationID(id string) (inbox.ConversationID, error) {
	if _, _, ok := parseID(id); !ok && plainID(id) {
		return inbox.ConversationID(id), nil
	}
	return idOf[inbox.ConversationID]("id", typeConversation, id)
}

// ParseContactID is ParseConversationID for a contact.
func ParseContactID(id string) (inbox.ContactID, error) {
	if _, _, ok := parseID(id); !ok && plainID(id) {
		return inbox.ContactID(id), nil
	}
	return idOf[inbox.ContactID]("id", typeContact, id)
}

// parseID splits a global id; ok is false if it is not one.
func parseID(global string) (typeName, id string, ok bool) {
	if len(global) > maxGlobalID {
		return "", "", false
	}
	data, err := base64.RawURLEncoding.DecodeString(global)
	// One id has one form: decoding alone would pass over line ends and loose bits.
	if err != nil || base64.RawURLEncoding.EncodeToString(data) != global {
		return "", "", false
	}
	typeName, id, found := strings.Cut(string(data), ":")
	return typeName, id, found && knownType(typeName) && plainID(id)
}

func knownType(name string) bool {
	switch name {
	case typeConversation, typeEvent, typeMember, typeAgent, typeContact, typeTeam, typeMessage, typeWorkspace, typeAPIKey, typeNotification, typeSavedView, typeWebhook, typeOffer,
		typeReasonCode:
		return true
	}
	return false
}

// plainID demands letters, digits, dash and underscore, so that nothing else
// ever reaches a store.
func plainID(id string) bool {
	plain := func(r rune) bool {
		return r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
	}
	return id != "" && strings.IndexFunc(id, func(r rune) bool { return !plain(r) }) < 0
}

// idOf reads an argument that must be a global id of typeName. INVALID_INPUT
// that names the argument for anything else.
func idOf[T ~string](field, typeName, global string) (T, error) {
	got, id, ok := parseID(global)
	switch {
	case !ok:
		return "", inbox.Invalid(field, "%s is not a global id. Pass an id exactly as the API gave it.", field)
	case got != typeName:
		return "", inbox.Invalid(field, "%s is the id of a %s; a %s is wanted.", field, got, typeName)
	}
	return T(id), nil
}

// optionalID reads an id as idOf does; it is empty for none.
func optionalID[T ~string](field, typeName string, global *string) (T, error) {
	if global == nil {
		return "", nil
	}
	return idOf[T](field, typeName, *global)
}

// idsOf reads a list of ids as idOf does.
func idsOf[T ~string](field, typeName string, globals []string) ([]T, error) {
	if len(globals) > maxPage {
		return nil, inbox.Invalid(field, "%s has %d ids; at most %d are allowed.", field, len(globals), maxPage)
	}
	var out []T
	for _, global := range globals {
		id, err := idOf[T](field, typeName, global)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}
