package audit

import (
	"fmt"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// AuditAction names an act, as audit logs show it.
type AuditAction string

// The acts of administration.
const (
	AuditWorkspaceCreate AuditAction = "workspace.create"
	AuditRename          AuditAction = "workspace.rename"
	AuditSuspend         AuditAction = "workspace.suspend"
	AuditResume          AuditAction = "workspace.resume"
	AuditSandboxReset    AuditAction = "sandbox.reset"
	AuditExport          AuditAction = "workspace.export"
	AuditPlanSet         AuditAction = "plan.set"
	AuditRulesUpdate     AuditAction = "rules.update"
	AuditTeamCreate      AuditAction = "team.create"
	AuditTeamUpdate      AuditAction = "team.update"
	AuditTeamDelete      AuditAction = "team.delete"
	AuditMemberAdd       AuditAction = "member.add"
	AuditMemberUpdate    AuditAction = "member.update"
	AuditMemberRemove    AuditAction = "member.remove"
	AuditMemberPresence  AuditAction = "member.availability"
	AuditMemberSignIn    AuditAction = "member.sign_in_bound"
	AuditAgentCreate     AuditAction = "ai_agent.create"
	AuditAgentUpdate     AuditAction = "ai_agent.update"
	AuditAgentRemove     AuditAction = "ai_agent.remove"
	AuditRoleCreate      AuditAction = "role.create"
	AuditRoleUpdate      AuditAction = "role.update"
	AuditRoleDelete      AuditAction = "role.delete"
	AuditKeyCreate       AuditAction = "api_key.create"
	AuditKeyRevoke       AuditAction = "api_key.revoke"
	AuditWebhookCreate   AuditAction = "webhook.create"
	AuditWebhookUpdate   AuditAction = "webhook.update"
	AuditWebhookDelete   AuditAction = "webhook.delete"
	AuditWebhookRotate   AuditAction = "webhook.rotate_secret"
	AuditWebhookState    AuditAction = "webhook.state"
	AuditWebhookReplay   AuditAction = "webhook.replay"
	AuditReasonCreate    AuditAction = "reason_code.create"
	AuditReasonUpdate    AuditAction = "reason_code.update"
	AuditKeyRotate       AuditAction = "api_key.rotate_secret"
	AuditKeyExpiry       AuditAction = "api_key.set_expiry"
	AuditKeyHandover     AuditAction = "api_key.hand_over"
	AuditTokensRevoke    AuditAction = "contact_tokens.revoke"
	AuditContactUpdate   AuditAction = "contact.update"
	AuditContactMerge    AuditAction = "contact.merge"
	AuditContactErase    AuditAction = "contact.erase"
)

// AuditTargetKind is the kind of an entry's target.
type AuditTargetKind string

// The kinds of target.
const (
	AuditWorkspace    AuditTargetKind = "WORKSPACE"
	AuditMember       AuditTargetKind = "MEMBER"
	AuditTeam         AuditTargetKind = "TEAM"
	AuditAgent        AuditTargetKind = "AI_AGENT"
	AuditRole         AuditTargetKind = "ROLE"
	AuditAPIKey       AuditTargetKind = "API_KEY"
	AuditWebhook      AuditTargetKind = "WEBHOOK"
	AuditReasonCode   AuditTargetKind = "REASON_CODE"
	AuditConversation AuditTargetKind = "CONVERSATION"
	AuditContact      AuditTargetKind = "CONTACT"
)

// AuditTarget is the entity that an entry is about, with its name at that time. A
// role's id is its name.
type AuditTarget struct {
	Kind AuditTargetKind
	ID   string
	Name string
}

// AuditField is one field before and after; empty if it was not or is not there. It
// never contains secrets.
type AuditField struct {
	Field, From, To string
}

// AuditEntry is the immutable record of an administrative act, or of one that
// was refused.
type AuditEntry struct {
	ID        string
	Workspace workspace.WorkspaceID
	At        time.Time
	Actor     workspace.Actor
	Action    AuditAction
	Target    AuditTarget
	Fields    []AuditField
	// Refused says that nothing was changed, and Code why.
	Refused bool
	Code    inbox.Code
}

// Summary describes in a few words the act that was done or attempted.
func (e AuditEntry) Summary() string {
	text := fmt.Sprintf("%s %s", e.Action, e.Target.Name)
	if e.Refused && len(e.Fields) == 1 {
		return fmt.Sprintf("%s, refused %s times with %s", text, e.Fields[0].To, e.Code)
	}
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, f.Field)
	}
	if len(fields) > 0 {
		text += " (" + strings.Join(fields, ", ") + ")"
	}
	if e.Refused {
		text += ", refused with " + string(e.Code)
	}
	return text
}

// AuditQuery lists an audit log, newest first. Empty fields do not filter.
type AuditQuery struct {
	Workspace workspace.WorkspaceID
	Actor     workspace.Actor
	Actions   []AuditAction
	Target    AuditTarget // its name is not looked at
	Refused   *bool
	// From is the first moment, and Until the first after the last; zero for none.
	From, Until time.Time
	Page        inbox.PageRequest
}

// Matches reports whether e fulfils q, apart from the page.
func (q AuditQuery) Matches(e AuditEntry) bool {
	return e.Workspace == q.Workspace && inbox.OneOf(q.Actions, e.Action) &&
		(q.Actor == workspace.Actor{} || q.Actor == e.Actor) &&
		(q.Target.Kind == "" || q.Target.Kind == e.Target.Kind && q.Target.ID == e.Target.ID) &&
		(q.Refused == nil || *q.Refused == e.Refused) &&
		!e.At.Before(q.From) && (q.Until.IsZero() || e.At.Before(q.Until))
}
