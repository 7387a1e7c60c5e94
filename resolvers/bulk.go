package resolvers

import (
	"context"
	"fmt"
	"slices"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// bulk runs a verb on many conversations, unless its arguments could not be read.
func (r *Resolver) bulk(ctx context.Context, in model.BulkInput) (*model.BulkPayload, error) {
	s := scopeOf(ctx)
	request, err := r.bulkRequest(ctx, in)
	var answer desk.BulkAnswer
	if err == nil {
		answer, err = r.Inbox.Bulk.Act(ctx, s.access.Principal, request)
	}
	refused, ok := s.userErrors(ctx, inBulk(in, err))
	if !ok {
		return nil, err
	}
	out := &model.BulkPayload{
		Results: []*model.BulkResult{}, More: answer.More, UserErrors: refused,
	}
	for _, one := range answer.Results {
		one.Refusal = inBulk(in, one.Refusal)
		shown, err := r.bulkResult(ctx, one, request.DryRun)
		if err != nil {
			return nil, err
		}
		out.Results = append(out.Results, shown)
		tally(out, one.Outcome)
	}
	if slices.ContainsFunc(answer.Results, func(one desk.BulkResult) bool { return one.Done.Event.ID != "" }) {
		out.BulkID = optional(bulkID(answer.ID))
	}
	return out, nil
}

func tally(p *model.BulkPayload, outcome desk.BulkOutcome) {
	switch outcome {
	case desk.BulkDone, desk.BulkQueued, desk.BulkOffered:
		p.Done++
	case desk.BulkRefused:
		p.Refused++
	case desk.BulkNotTried:
		p.NotTried++
	case desk.BulkUnchanged:
	}
}

// bulkResult shows one result as the payload of the single verb shows it.
func (r *Resolver) bulkResult(ctx context.Context, one desk.BulkResult, dry bool) (*model.BulkResult, error) {
	s := scopeOf(ctx)
	out := &model.BulkResult{
		ConversationID: ConversationID(one.Conversation), Outcome: model.BulkOutcome(one.Outcome), Warnings: []*model.Warning{},
	}
	switch {
	case one.Fault != nil:
		r.noteFault(ctx, one)
	case one.Refusal != nil:
		refused, ok := s.userErrors(ctx, one.Refusal)
		if !ok {
			return nil, one.Refusal
		}
		out.Error = refused[0]
	case one.Outcome != desk.BulkNotTried:
		done, err := r.ownership(ctx, one.Done, nil)
		if err != nil {
			return nil, err
		}
		out.Conversation, out.Event, out.Warnings = done.Conversation, done.Event, done.Warnings
		out.To = s.ownership(one.Done.Conversation, one.Done.Event.To)
		if dry {
			out.Event = nil
		}
	}
	return out, nil
}

// noteFault writes down why something was begun and not finished: the caller is told to
// send it again.
func (r *Resolver) noteFault(ctx context.Context, one desk.BulkResult) {
	if inbox.CodeOf(one.Fault) == inbox.Internal && ctx.Err() == nil {
		r.Log.ErrorContext(ctx, "an item of a call failed", "conversation", one.Conversation, "error", one.Fault)
	}
}

func bulkID(id inbox.BulkID) string {
	if id == "" {
		return ""
	}
	return GlobalID("Bulk", id)
}

func (r *Resolver) bulkRequest(ctx context.Context, in model.BulkInput) (out desk.BulkRequest, err error) {
	out = desk.BulkRequest{Note: value(in.Note), DryRun: value(in.DryRun), Key: value(in.IdempotencyKey)}
	if out.ReasonCode, err = reasonCodeID(in.ReasonCodeID); err != nil {
		return out, err
	}
	verb, err := bulkVerb(in.Verb)
	if err != nil {
		return out, err
	}
	out.Verb = verb
	switch {
	case in.Selection == nil || (in.Selection.Ids == nil) == (in.Selection.View == nil):
		return out, inbox.Invalid("selection", "Give either ids or view.")
	case in.Selection.View != nil:
		if err := refuseEmptyChoice(*in.Selection.View); err != nil {
			return out, inView(err)
		}
		view, order, err := r.viewIn(ctx, in.Selection.View, nil)
		out.View, out.Order = &view, order
		return out, inView(err)
	}
	for i, item := range in.Selection.Ids {
		id, err := idOf[inbox.ConversationID](fmt.Sprintf("ids.%d.conversationId", i), typeConversation, item.ConversationID)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, desk.BulkItem{Conversation: id, ExpectedVersion: item.ExpectedVersion})
	}
	return out, nil
}

// bulkVerb reads the verb, which is exactly one.
func bulkVerb(in *model.BulkVerb) (desk.BulkVerb, error) {
	switch {
	case in == nil:
	case in.Assign != nil:
		return bulkTarget(inbox.ActionAssign, in.Assign)
	case in.Transfer != nil:
		return bulkTarget(inbox.ActionTransfer, in.Transfer)
	case value(in.Close):
		return desk.BulkVerb{Action: inbox.ActionClose}, nil
	case value(in.Unassign):
		return desk.BulkVerb{Action: inbox.ActionUnassign}, nil
	}
	return desk.BulkVerb{}, inbox.Invalid("verb", "Give assign, transfer, close: true, or unassign: true.")
}

func bulkTarget(action inbox.Action, in *model.BulkTarget) (out desk.BulkVerb, err error) {
	out.Action = action
	if in.SpreadOver == nil {
		out.To, err = ownerOf(&model.OwnerTarget{MemberID: in.MemberID, TeamID: in.TeamID})
		return out, err
	}
	if in.MemberID != nil || in.TeamID != nil {
		return out, inbox.Invalid("to", "Give one of memberId, teamId and spreadOver.")
	}
	out.SpreadOver = []workspace.MemberID{}
	people := make([]string, 0, len(in.SpreadOver))
	for _, global := range in.SpreadOver {
		if typeName, id, ok := parseID(global); ok && typeName == typeAgent {
			out.SpreadAgent = workspace.AgentID(id) // for the domain to refuse
			continue
		}
		people = append(people, global)
	}
	given, err := idsOf[workspace.MemberID]("spreadOver", typeMember, people)
	out.SpreadOver = append(out.SpreadOver, given...)
	return out, err
}
