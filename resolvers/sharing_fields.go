package resolvers

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// CommonFields are the fields, by type, that are the same for all who see the same
// conversations. A subscription with any other field is told to each listener in
// its own words. A test wants every field that a subscription reaches to be here
// or in OwnFields.
func CommonFields() map[string]string {
	return map[string]string{
		"Subscription":         "assignmentEvents inboxChanges",
		"InboxChange":          "cursor gap gapReason change reason conversationId conversation",
		"AssignmentEventEdge":  "cursor gap gapReason node",
		"AssignmentEvent":      "id kind conversation snapshot actor from to reason note version epoch at",
		"Ownership":            "assignee team handler status",
		"Conversation":         "id kind subject channel status handler contact assignee team originAgent version revision epoch queuePosition waitingSince lastMessage lastActivityAt createdAt formerAssignee closedAt awaitingReplySince",
		"Message":              "id author body internal at sequence",
		"ConversationSnapshot": "revision version epoch status handler assignee team waitingSince lastActivityAt",
		"Member":               "id name email avatarUrl roles teams availability availabilityChange openConversations maxAutoAssigned revision",
		"AvailabilityChange":   "from to reason by at",
		"Role":                 "name custom",
		"Team":                 "id name method maxAutoAssigned revision",
		"AIAgent":              "id name revision",
		"Actor":                "name",
		"Contact":              "id name knownName email emailVerified phone phoneVerified attributes externalId externalIds knownSince revision",
		"ContactAttribute":     "key value",
		"Partner":              "name",
		"SystemActor":          "name",
	}
}

// OwnFields are those that depend on who asks, that read what was not in the event
// with the rights of who asks, or that begin with a state of their own.
func OwnFields() map[string]string {
	return map[string]string{
		"Subscription": "conversationUpdates inboxCounts workloads notifications viewerChanges",
		"Role":         "permissions",
		"Conversation": "previous viewerCan viewerHasStarred messages history",
		"Team":         "members",
	}
}

func fieldSet(byType map[string]string) map[string]bool {
	out := map[string]bool{}
	for typeName, fields := range byType {
		for field := range strings.FieldsSeq(fields) {
			out[typeName+"."+field] = true
		}
	}
	return out
}

// sharedRoot finds the one root field of a subscription all of whose fields are
// common.
func (s *Sharing) sharedRoot(operation *graphql.OperationContext) (*ast.Field, bool) {
	o := operation.Operation
	if o.Operation != ast.Subscription || len(o.SelectionSet) != 1 || len(o.Directives) > 0 {
		return nil, false
	}
	root, ok := o.SelectionSet[0].(*ast.Field)
	if !ok || len(root.Directives) > 0 || !s.allCommon(o.SelectionSet) {
		return nil, false
	}
	return root, true
}

func (s *Sharing) allCommon(selections ast.SelectionSet) bool {
	return !slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch one := selection.(type) {
		case *ast.Field:
			return one.Name != "__typename" && !s.common[one.ObjectDefinition.Name+"."+one.Name] || !s.allCommon(one.SelectionSet)
		case *ast.InlineFragment:
			return !s.allCommon(one.SelectionSet)
		case *ast.FragmentSpread:
			return !s.allCommon(one.Definition.SelectionSet)
		}
		return true
	})
}

// fingerprint is equal for operations with the same text, name and variables, but
// for the cursor that they go on behind, when it is a variable.
func fingerprint(operation *graphql.OperationContext, root *ast.Field) [32]byte {
	variables := operation.Variables
	// A cursor has no other place in what is common.
	if after := root.Arguments.ForName("after"); after != nil && after.Value.Kind == ast.Variable {
		variables = maps.Clone(variables)
		delete(variables, after.Value.Raw)
	}
	text, _ := json.Marshal([]any{operation.RawQuery, operation.Operation.Name, variables}) // they came as JSON
	return sha256.Sum256(text)
}
