package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

// reasonCode shows a code, archived ones included: histories name them. Null for none.
func reasonCode(d *workspace.Directory, id workspace.ReasonCodeID) *model.ReasonCode {
	c, ok := d.ReasonCode(id)
	if !ok {
		return nil
	}
	return reasonCodeOf(c)
}

func reasonCodeOf(c workspace.ReasonCode) *model.ReasonCode {
	return &model.ReasonCode{ID: GlobalID(typeReasonCode, c.ID), Name: c.Name, Usage: c.Usage, Archived: c.Archived, Revision: c.Rev}
}

func reasonCodes(a access.Access, usage *workspace.ReasonUsage, archived *bool) []*model.ReasonCode {
	out := []*model.ReasonCode{}
	for _, c := range admin.ReasonCodes(a, value(usage), value(archived)) {
		out = append(out, reasonCodeOf(c))
	}
	return out
}

// reasonCodeID reads the argument that names a reason code; empty if it is left out.
func reasonCodeID(global *string) (workspace.ReasonCodeID, error) {
	return optionalID[workspace.ReasonCodeID]("reasonCodeId", typeReasonCode, global)
}

func (r *Resolver) createReasonCode(ctx context.Context, in model.CreateReasonCodeInput) (*model.ReasonCodePayload, error) {
	n := admin.NewReasonCode{Name: in.Name, Usage: in.Usage, Key: value(in.IdempotencyKey)}
	return runAdmin(ctx, nil, func(p inbox.Principal) (workspace.ReasonCode, error) {
		return r.Inbox.Admin.CreateReasonCode(ctx, p, n)
	}, reasonCodePayload)
}

func (r *Resolver) updateReasonCode(ctx context.Context, in model.UpdateReasonCodeInput) (*model.ReasonCodePayload, error) {
	id, err := idOf[workspace.ReasonCodeID]("id", typeReasonCode, in.ID)
	edit := admin.ReasonCodeEdit{Name: in.Name, Archived: in.Archived, ExpectedRevision: in.ExpectedRevision}
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.ReasonCode, error) {
		return r.Inbox.Admin.UpdateReasonCode(ctx, p, id, edit)
	}, reasonCodePayload)
}

func reasonCodePayload(c *workspace.ReasonCode, refused refusals) *model.ReasonCodePayload {
	return &model.ReasonCodePayload{ReasonCode: toModel(c, reasonCodeOf), UserErrors: refused}
}
