package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"time"
)

func (r *contactResolver) EmailVerified(ctx context.Context, obj *model.Contact) (bool, error) {
	c, err := r.contact(ctx, obj)
	return c.EmailVerified, err
}

func (r *contactResolver) Phone(ctx context.Context, obj *model.Contact) (*string, error) {
	c, err := r.contact(ctx, obj)
	return optional(c.Phone), err
}

func (r *contactResolver) PhoneVerified(ctx context.Context, obj *model.Contact) (bool, error) {
	c, err := r.contact(ctx, obj)
	return c.PhoneVerified, err
}

func (r *contactResolver) Attributes(ctx context.Context, obj *model.Contact) ([]*model.ContactAttribute, error) {
	c, err := r.contact(ctx, obj)
	return shownAttributes(c.Attributes), err
}

func (r *contactResolver) ExternalIds(ctx context.Context, obj *model.Contact) ([]string, error) {
	return r.externalIDs(ctx, obj)
}

func (r *contactResolver) KnownSince(ctx context.Context, obj *model.Contact) (*time.Time, error) {
	c, err := r.contact(ctx, obj)
	if c.CreatedAt.IsZero() {
		return nil, err
	}
	return &c.CreatedAt, err
}

func (r *contactResolver) Revision(ctx context.Context, obj *model.Contact) (int, error) {
	c, err := r.contact(ctx, obj)
	return c.Rev, err
}

func (r *contactConnectionResolver) TotalCount(ctx context.Context, obj *model.ContactConnection) (int, error) {
	return r.Inbox.Contacts.CountContacts(ctx, scopeOf(ctx).access.Principal, obj.Search)
}

func (r *mutationResolver) UpdateContact(ctx context.Context, input model.UpdateContactInput) (*model.UpdateContactPayload, error) {
	return r.updateContact(ctx, input)
}

func (r *mutationResolver) MergeContacts(ctx context.Context, input model.MergeContactsInput) (*model.MergeContactsPayload, error) {
	return r.mergeContacts(ctx, input)
}

func (r *mutationResolver) EraseContact(ctx context.Context, input model.EraseContactInput) (*model.EraseContactPayload, error) {
	return r.eraseContact(ctx, input)
}

func (r *queryResolver) Contacts(ctx context.Context, search *string, first *int, after *string, last *int, before *string) (*model.ContactConnection, error) {
	return r.contacts(ctx, search, pageArgs{first, last, after, before})
}

func (r *Resolver) ContactConnection() graph.ContactConnectionResolver {
	return &contactConnectionResolver{r}
}

type contactConnectionResolver struct{ *Resolver }
