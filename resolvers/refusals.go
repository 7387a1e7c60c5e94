package resolvers

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/audit"

	"github.com/99designs/gqlgen/graphql"
)

// Refusals reports mutations that the caller may not do, by permission or by plan,
// for the audit log. Tell must not wait.
type Refusals struct {
	Report func(p inbox.Principal, action audit.AuditAction, target audit.AuditTarget, code inbox.Code)
}

var (
	_ graphql.HandlerExtension = Refusals{}
	_ graphql.FieldInterceptor = Refusals{}
)

// ExtensionName is for gqlgen.
func (Refusals) ExtensionName() string { return "Refusals" }

// Validate is for gqlgen; there is nothing to check.
func (Refusals) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField checks the result of each mutation.
func (r Refusals) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	payload, err := next(ctx)
	f := graphql.GetFieldContext(ctx)
	if f.Object != "Mutation" {
		return payload, err
	}
	code := refusalCode(payload, err)
	if code != inbox.PermissionDenied && code != inbox.PlanRequired {
		return payload, err
	}
	if p, known := auth.FromContext(ctx); known {
		r.Report(p, refusedAction(f.Field.Name), refusedTarget(p, f.Args["input"]), code)
	}
	return payload, err
}

// refusalCode is the code of the first refusal of a mutation, wherever it is.
func refusalCode(payload any, err error) inbox.Code {
	if err != nil {
		return inbox.CodeOf(err)
	}
	v := reflect.Indirect(reflect.ValueOf(payload))
	if v.Kind() != reflect.Struct {
		return ""
	}
	list := v.FieldByName("UserErrors")
	if !list.IsValid() || list.Len() == 0 {
		return ""
	}
	code, _ := reflect.Indirect(list.Index(0).Elem()).FieldByName("Code").Interface().(inbox.Code)
	return code
}

// refusedAction returns the action under which the audit log records a mutation. A
// mutation that administration does not record has its own name.
func refusedAction(mutation string) audit.AuditAction {
	known := map[string]audit.AuditAction{
		"createTeam": audit.AuditTeamCreate, "updateTeam": audit.AuditTeamUpdate, "deleteTeam": audit.AuditTeamDelete,
		"addMember": audit.AuditMemberAdd, "updateMember": audit.AuditMemberUpdate, "removeMember": audit.AuditMemberRemove,
		"createAiAgent": audit.AuditAgentCreate, "updateAiAgent": audit.AuditAgentUpdate, "removeAiAgent": audit.AuditAgentRemove,
		"createRole": audit.AuditRoleCreate, "updateRole": audit.AuditRoleUpdate, "deleteRole": audit.AuditRoleDelete,
		"createApiKey": audit.AuditKeyCreate, "revokeApiKey": audit.AuditKeyRevoke, "rotateApiKeySecret": audit.AuditKeyRotate, "setApiKeyExpiry": audit.AuditKeyExpiry,
		"handOverConversations": audit.AuditKeyHandover,
		"revokeContactTokens":   audit.AuditTokensRevoke,
		"updateContact":         audit.AuditContactUpdate, "mergeContacts": audit.AuditContactMerge, "eraseContact": audit.AuditContactErase,
		"createWebhook": audit.AuditWebhookCreate, "updateWebhook": audit.AuditWebhookUpdate,
		"deleteWebhook": audit.AuditWebhookDelete, "rotateWebhookSecret": audit.AuditWebhookRotate, "setWebhookState": audit.AuditWebhookState,
		"testWebhook": audit.AuditWebhookReplay, "replayWebhook": audit.AuditWebhookReplay,
		"createReasonCode": audit.AuditReasonCreate, "updateReasonCode": audit.AuditReasonUpdate,
		"setPlan": audit.AuditPlanSet, "resetSandbox": audit.AuditSandboxReset, "updateWorkspaceRules": audit.AuditRulesUpdate,
	}
	if action, ok := known[mutation]; ok {
		return action
	}
	return audit.AuditAction("conversation." + strings.TrimSuffix(mutation, "Conversation"))
}

// refusedTarget is the entity that the input names, else the workspace.
func refusedTarget(p inbox.Principal, input any) audit.AuditTarget {
	var named struct{ ConversationID, ContactID, ID string }
	if data, err := json.Marshal(input); err == nil {
		_ = json.Unmarshal(data, &named) // members of other types are left empty
	}
	for _, global := range []string{named.ConversationID, named.ContactID, named.ID} {
		if target, err := auditTarget(global); err == nil {
			return target
		}
	}
	return audit.AuditTarget{Kind: audit.AuditWorkspace, ID: string(p.Workspace)}
}
