package resolvers

import (
	"context"
	"errors"
	"strings"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// userErrors shows an expected refusal as data. Everything else is a fault and
// stays an error; ok is false for it. NOT_FOUND always says of which argument.
func (s *scope) userErrors(ctx context.Context, err error) (out []model.UserError, ok bool) {
	out = []model.UserError{}
	if err == nil {
		return out, true
	}
	var e *inbox.Error
	if !errors.As(missingAt(subjectArgument(ctx), err), &e) {
		return nil, false
	}
	shown := s.userError(e)
	if shown == nil {
		return nil, false
	}
	return append(out, shown), true
}

func (s *scope) userError(e *inbox.Error) model.UserError {
	switch e.Code {
	case inbox.AccessLost:
		return &model.AccessLostError{Code: e.Code, Message: e.Message, By: s.actor(e.By, disclosed{}), At: e.At}
	case inbox.ReasonRequired:
		return &model.ReasonRequiredError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field), Usage: e.Usage}
	case inbox.LastOwner:
		return &model.LastOwnerError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field)}
	case inbox.Conflict, inbox.AlreadyAssigned, inbox.NotAssignee, inbox.TakeoverRequired:
		return s.ownerError(e)
	case inbox.OfferSettled:
		return settledError(s, e)
	case inbox.PlanRequired:
		return &model.PlanRequiredError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field), Feature: string(e.Feature), CurrentPlan: s.plan(e.CurrentPlan), RequiredPlan: s.plan(e.RequiredPlan)}
	case inbox.PermissionDenied:
		return &model.PermissionDeniedError{Code: e.Code, Message: e.Message, Permission: e.Permission}
	case inbox.AlreadyAssignee:
		return &model.AlreadyAssigneeError{Code: e.Code, Message: e.Message}
	case inbox.NotAssigned:
		return &model.NotAssignedError{Code: e.Code, Message: e.Message, Hint: optional(e.Hint)}
	case inbox.TargetNotPermitted:
		return &model.TargetNotPermittedError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field), Reason: e.Target}
	case inbox.ConversationClosed:
		return &model.ConversationClosedError{Code: e.Code, Message: e.Message, Allowed: nonNil(e.Allowed)}
	case inbox.StaleEpoch:
		return &model.StaleEpochError{Code: e.Code, Message: e.Message, Epoch: e.Epoch}
	default:
		return argumentError(e)
	}
}

// ownerError handles the refusals that name the current owner of the conversation.
func (s *scope) ownerError(e *inbox.Error) model.UserError {
	var current disclosed
	if e.Current != nil {
		current = s.hiddenPerson(*e.Current)
	}
	assignee := s.member(current.Assignee)
	if e.Revision > 0 {
		return &model.StaleRevisionError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field), Revision: e.Revision}
	}
	switch e.Code {
	case inbox.Conflict:
		return &model.ConflictError{Code: e.Code, Message: e.Message, Current: s.conversationIn(current), By: s.actor(e.By, current), At: e.At}
	case inbox.AlreadyAssigned:
		return &model.AlreadyAssignedError{Code: e.Code, Message: e.Message, Assignee: assignee, Current: s.conversationIn(current), By: s.actor(e.By, current), At: e.At}
	case inbox.NotAssignee:
		return &model.NotAssigneeError{Code: e.Code, Message: e.Message, Assignee: assignee, Hint: optional(e.Hint)}
	default:
		return &model.TakeoverRequiredError{Code: e.Code, Message: e.Message, Assignee: assignee}
	}
}

// argumentError is for the refusals about an argument; nil for a fault.
func argumentError(e *inbox.Error) model.UserError {
	switch e.Code {
	case inbox.AssigneeNotHuman:
		return &model.AssigneeNotHumanError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field)}
	case inbox.AssigneeRequired:
		return &model.AssigneeRequiredError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field)}
	case inbox.NotFound:
		return &model.NotFoundError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field)}
	case inbox.InvalidInput:
		return &model.InvalidInputError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field)}
	case inbox.UndoExpired:
		return &model.UndoExpiredError{Code: e.Code, Message: e.Message, Field: fieldPath(e.Field)}
	default:
		return nil
	}
}

// fieldPath gives the path of an argument one step an entry; the domain may name
// a step within another with a dot.
func fieldPath(field []string) []string {
	if len(field) == 0 {
		return nil
	}
	return strings.Split(strings.Join(field, "."), ".")
}

func nonNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
