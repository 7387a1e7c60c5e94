package resolvers

import (
	"context"
	"fmt"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// maxActions bounds the actions of a filter.
const maxActions = 20

func (r *Resolver) auditLog(ctx context.Context, in *model.AuditFilter, args pageArgs) (*model.AuditConnection, error) {
	s := scopeOf(ctx)
	q, err := auditQuery(in)
	if err != nil {
		return nil, err
	}
	l := r.listOf(s.access.Principal.Workspace, "audit", q)
	if q.Page, err = args.request(l); err != nil {
		return nil, err
	}
	found, err := r.Inbox.Admin.AuditLog(ctx, s.access.Principal, q)
	if err != nil {
		return nil, err
	}
	out := &model.AuditConnection{Query: q}
	out.Edges, out.Nodes, out.PageInfo = connect(found,
		func(e audit.AuditEntry) string { return l.at(e.At, e.ID) }, s.auditEntry,
		func(at string, n *model.AuditEntry) *model.AuditEdge { return &model.AuditEdge{Cursor: at, Node: n} })
	return out, nil
}

func auditQuery(in *model.AuditFilter) (q audit.AuditQuery, err error) {
	if in == nil {
		return q, nil
	}
	if len(in.Actions) > maxActions {
		return q, inbox.Invalid("filter.actions", "actions has %d entries; at most %d are allowed.", len(in.Actions), maxActions)
	}
	for _, action := range in.Actions {
		q.Actions = append(q.Actions, audit.AuditAction(action))
	}
	q.Refused = in.Refused
	at, err := span("filter.at", in.At)
	if err != nil {
		return q, err
	}
	q.From, q.Until = at.From, at.Until
	if q.Actor, err = auditActor(in.ActorID); err != nil {
		return q, err
	}
	switch {
	case in.Role != nil && in.TargetID != nil:
		return q, inbox.Invalid("filter.role", "Give either targetId or role, not both.")
	case in.Role != nil:
		q.Target = audit.AuditTarget{Kind: audit.AuditRole, ID: *in.Role}
	case in.TargetID != nil:
		q.Target, err = auditTarget(*in.TargetID)
	}
	return q, err
}

func auditActor(global *string) (workspace.Actor, error) {
	if global == nil {
		return workspace.Actor{}, nil
	}
	typeName, id, ok := parseID(*global)
	switch {
	case ok && typeName == typeMember:
		return workspace.Actor{Kind: workspace.ActorMember, ID: id}, nil
	case ok && typeName == typeAgent:
		return workspace.Actor{Kind: workspace.ActorAgent, ID: id}, nil
	}
	return workspace.Actor{}, inbox.Invalid("filter.actorId", "actorId is not the id of a member or an AI agent. Pass an id exactly as the API gave it.")
}

func auditTarget(global string) (audit.AuditTarget, error) {
	typeName, id, ok := parseID(global)
	if !ok {
		return audit.AuditTarget{}, inbox.Invalid("filter.targetId", "targetId is not a global id. Pass an id exactly as the API gave it.")
	}
	for kind, name := range auditTypes() {
		if name == typeName {
			return audit.AuditTarget{Kind: kind, ID: id}, nil
		}
	}
	return audit.AuditTarget{Kind: audit.AuditTargetKind(typeName), ID: id}, nil // no audit entry has one of these kinds
}

// auditTypes are the targets that have a global id.
func auditTypes() map[audit.AuditTargetKind]string {
	return map[audit.AuditTargetKind]string{
		audit.AuditWorkspace: typeWorkspace, audit.AuditMember: typeMember, audit.AuditTeam: typeTeam,
		audit.AuditAgent: typeAgent, audit.AuditConversation: typeConversation, audit.AuditAPIKey: typeAPIKey,
		audit.AuditContact: typeContact, audit.AuditReasonCode: typeReasonCode, audit.AuditWebhook: typeWebhook,
	}
}

func (s *scope) auditEntry(e audit.AuditEntry) *model.AuditEntry {
	out := &model.AuditEntry{
		ID: e.ID, At: e.At, Actor: s.actor(e.Actor, disclosed{}), Action: string(e.Action), Refused: e.Refused, Changes: []*model.AuditField{},
		Target: &model.AuditTarget{Kind: e.Target.Kind, Name: e.Target.Name},
	}
	if typeName, ok := auditTypes()[e.Target.Kind]; ok {
		id := GlobalID(typeName, e.Target.ID)
		out.Target.ID = &id
	}
	if e.Code != "" {
		out.Code = &e.Code
	}
	for _, f := range e.Fields {
		out.Changes = append(out.Changes, &model.AuditField{Field: f.Field, From: optional(f.From), To: optional(f.To)})
	}
	out.Summary = fmt.Sprintf("%s: %s", s.actorName(e.Actor), e.Summary())
	return out
}

func (s *scope) actorName(a workspace.Actor) string {
	switch a.Kind {
	case workspace.ActorMember:
		return s.access.Directory.Members[workspace.MemberID(a.ID)].Name
	case workspace.ActorAgent:
		return s.access.Directory.Agents[workspace.AgentID(a.ID)].Name
	case workspace.ActorContact:
		return "A contact"
	case workspace.ActorPartner:
		return s.access.Directory.Keys[workspace.KeyID(a.ID)].Name
	case workspace.ActorSystem:
	}
	return "Switchboard"
}
