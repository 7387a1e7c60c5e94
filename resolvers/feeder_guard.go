package resolvers

import "context"

// feederFields are the fields open to an API key that feeds conversations in and
// may view none: its own messages, their result, and the fields needed to send
// them.
func feederFields() map[string]string {
	return map[string]string{
		"Query":        "viewer conversationByExternalId teams",
		"Mutation":     "startLivechat createTicket postMessage createContactToken revokeContactTokens setConversationStatus",
		"Viewer":       "member aiAgent contact apiKey workspace permissions",
		"ApiKey":       "id name role permissions prefix createdAt lastUsedAt revokedAt",
		"Role":         "name custom",
		"Workspace":    "id name timeZone",
		"Conversation": "id kind subject channel status handler contact assignee team originAgent version epoch queuePosition waitingSince lastActivityAt createdAt",
		"Contact":      "id name knownName email phone externalId",
		"Member":       "id name avatarUrl",
		"AIAgent":      "id name",
		"SystemActor":  "name",
		"Partner":      "name",
		"Team":         "id name",
		"Plan":         "name rank",
		"Message":      "id author body internal at sequence",
		"Warning":      "code message",

		"TeamConnection":             "edges nodes pageInfo totalCount",
		"TeamEdge":                   "cursor node",
		"PageInfo":                   "hasNextPage hasPreviousPage startCursor endCursor",
		"OwnershipPayload":           "conversation warnings userErrors",
		"StartLivechatPayload":       "conversation contactToken warnings userErrors",
		"SendMessagePayload":         "message conversation contactToken userErrors",
		"CreateContactTokenPayload":  "contactToken userErrors",
		"RevokeContactTokensPayload": "conversation userErrors",

		"AssigneeNotHumanError":   "code message field",
		"AssigneeRequiredError":   "code message field",
		"ConversationClosedError": "code message field allowed",
		"InvalidInputError":       "code message field",
		"NotAssigneeError":        "code message field assignee hint",
		"NotFoundError":           "code message field",
		"PermissionDeniedError":   "code message field permission",
		"PlanRequiredError":       "code message field feature currentPlan requiredPlan",
		"StaleEpochError":         "code message field epoch",
		"TakeoverRequiredError":   "code message field assignee",
		"TargetNotPermittedError": "code message field reason",
	}
}

type feedsOnlyKey struct{}

// feedsOnly reports whether an API key asks that may view no conversations.
func feedsOnly(ctx context.Context) bool {
	only, _ := ctx.Value(feedsOnlyKey{}).(bool)
	return only
}
