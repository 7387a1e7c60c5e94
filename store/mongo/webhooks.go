package mongo

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// WebhookWorkspaces lists the workspaces that have endpoints.
func (s *Store) WebhookWorkspaces(ctx context.Context) ([]workspace.WorkspaceID, error) {
	type of struct {
		Workspace workspace.WorkspaceID `bson:"workspace"`
	}
	docs, err := find[of](ctx, s, s.webhooks, bson.D{}, options.Find().SetHint("workspace").SetProjection(bson.D{{Key: "workspace", Value: 1}}))
	var out []workspace.WorkspaceID
	for _, d := range docs {
		out = append(out, d.Workspace)
	}
	slices.Sort(out)
	return slices.Compact(out), fault("list the workspaces with webhooks", err)
}

// WebhookProgress reads the progress of an endpoint; Rev is 0 when there is none.
func (s *Store) WebhookProgress(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID) (webhooks.Progress, error) {
	doc, err := byID(ctx, s, s.webhookProgress, ws, document.WebhookProgressID(ws, id), all[document.WebhookProgress])
	if errors.Is(err, driver.ErrNoDocuments) {
		return webhooks.Progress{Workspace: ws, Webhook: id}, nil
	}
	return doc.Progress(), fault("read the progress of a webhook", err)
}

// WebhookConditions reads what is wrong with endpoints of a workspace; those with which
// nothing is are missing.
func (s *Store) WebhookConditions(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.WebhookID) (map[workspace.WebhookID]webhooks.Condition, error) {
	var keys []string
	for _, id := range ids {
		keys = append(keys, document.WebhookProgressID(ws, id))
	}
	progress, err := byIDs(ctx, s, s.webhookProgress, ws, keys, all[document.WebhookProgress])
	if err != nil {
		return nil, fault("read the progress of webhooks", err)
	}
	out := map[workspace.WebhookID]webhooks.Condition{}
	for _, d := range progress {
		if d.Health.Failing() {
			out[d.Webhook] = webhooks.Condition{Failing: true}
		}
	}
	parked, err := parkedWebhooks(ctx, s, ws, slices.Clone(ids))
	for _, id := range parked {
		out[id] = webhooks.Condition{Failing: out[id].Failing, Parked: true}
	}
	return out, fault("look for parked deliveries", err)
}

// parkedBatch is how many parked deliveries are read at once to find whose they are.
const parkedBatch = 1000

// parkedWebhooks finds the endpoints that have parked deliveries, in the index alone. One
// read does, unless one endpoint fills it: the others are looked at again.
func parkedWebhooks(ctx context.Context, s *Store, ws workspace.WorkspaceID, ids []workspace.WebhookID) (out []workspace.WebhookID, err error) {
	type of struct {
		Webhook workspace.WebhookID `bson:"webhook"`
	}
	opts := options.Find().SetHint("by_state").SetLimit(parkedBatch).SetProjection(bson.D{{Key: "webhook", Value: 1}})
	for len(ids) > 0 {
		docs, err := find[of](ctx, s, s.deliveries, bson.D{
			{Key: "workspace", Value: ws}, {Key: "webhook", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "state", Value: webhooks.Parked},
			{Key: "_id", Value: bson.Regex{Pattern: document.FirstTimeSuffix + "$"}},
		}, opts)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			if i := slices.Index(ids, d.Webhook); i >= 0 {
				out, ids = append(out, d.Webhook), slices.Delete(ids, i, i+1)
			}
		}
		if len(docs) < parkedBatch {
			break
		}
	}
	return out, nil
}

// SaveWebhookProgress replaces the progress, whose Rev must be one more than the stored
// one (ErrStale otherwise), and writes deliveries with it.
func (s *Store) SaveWebhookProgress(ctx context.Context, p webhooks.Progress, deliveries ...webhooks.Delivery) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var models []driver.WriteModel
	for _, d := range deliveries {
		doc := document.OfDelivery(d)
		models = append(models, driver.NewReplaceOneModel().SetFilter(inWorkspace(doc.Workspace, doc.ID)).SetReplacement(doc).SetUpsert(true))
	}
	err := s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			if err := replace(tx, s.webhookProgress, inWorkspace(p.Workspace, document.WebhookProgressID(p.Workspace, p.Webhook)), p.Rev, document.OfWebhookProgress(p)); err != nil || len(models) == 0 {
				return err
			}
			_, err := s.deliveries.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
			return err
		},
		// The caller reads again what is stored.
		done: func(context.Context) (bool, error) { return false, nil },
	})
	return fault("save deliveries", err)
}

func deliveriesOf(ws workspace.WorkspaceID, id workspace.WebhookID) bson.D {
	return bson.D{{Key: "workspace", Value: ws}, {Key: "webhook", Value: id}}
}

// DeliveriesBehind lists deliveries of an endpoint and a replay behind a sequence.
func (s *Store) DeliveriesBehind(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, replay string, behind int64, limit int) ([]webhooks.Delivery, error) {
	filter := append(deliveriesOf(ws, id), bson.E{Key: "_id", Value: bson.D{{Key: "$gte", Value: document.DeliveryID(ws, id, behind+1, "")}}}, bson.E{Key: "replay", Value: replay})
	docs, err := find[document.Delivery](ctx, s, s.deliveries, filter, options.Find().SetHint("newest").SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	return domainDeliveries(docs), fault("list deliveries", err)
}

func domainDeliveries(docs []document.Delivery) []webhooks.Delivery {
	var out []webhooks.Delivery
	for _, d := range docs {
		out = append(out, d.Delivery())
	}
	return out
}

// ListDeliveries answers a page, newest first.
func (s *Store) ListDeliveries(ctx context.Context, q webhooks.DeliveryQuery) (inbox.Page[webhooks.Delivery], error) {
	filter, index := deliveriesOf(q.Workspace, q.Webhook), "newest"
	if q.State != "" {
		filter, index = append(filter, bson.E{Key: "state", Value: q.State}), "by_state"
	}
	if q.Page.After != nil {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: document.DeliveryID(q.Workspace, q.Webhook, int64(q.Page.After.Sequence), q.Page.After.ID)}}})
	}
	docs, err := find[document.Delivery](ctx, s, s.deliveries, filter, options.Find().SetHint(index).SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(max(q.Page.Limit, 0)+1)))
	if err != nil {
		return inbox.Page[webhooks.Delivery]{}, fault("list deliveries", err)
	}
	page, err := store.Page(q.Page, docs, func(inbox.PageCursor, bool) (bool, error) { return true, nil })
	return store.Convert(page, document.Delivery.Delivery), err
}

// ForgetDeliveries removes deliveries whose place is before a sequence: up to limit that
// were delivered or skipped, and up to limit replays and tests that were parked. It returns
// how many.
func (s *Store) ForgetDeliveries(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, before int64, limit int) (int, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	old := append(deliveriesOf(ws, id), bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: document.DeliveryID(ws, id, before, "")}}})
	states := []webhooks.State{webhooks.Delivered, webhooks.Skipped}
	went := bson.D{{Key: "state", Value: bson.D{{Key: "$in", Value: states}}}}
	var ids []string
	for index, those := range map[string]bson.D{"by_state": went, "parked_again": parkedAgain()} {
		docs, err := find[document.Delivery](ctx, s, s.deliveries, append(slices.Clone(old), those...), options.Find().SetHint(index).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			return 0, fault("look for old deliveries", err)
		}
		for _, d := range docs {
			ids = append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	res, err := s.deliveries.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "workspace", Value: ws}})
	if err != nil {
		return 0, fault("remove old deliveries", err)
	}
	return int(res.DeletedCount), nil
}

// WebhookKey gives the 32 bytes that secrets of endpoints are sealed with. They are made
// when first asked for, whichever server asks, and stay.
func (s *Store) WebhookKey(ctx context.Context) ([]byte, error) {
	read := func() (document.WebhookKey, error) {
		return findOne[document.WebhookKey](ctx, s, s.settings, bson.D{{Key: "_id", Value: document.WebhookKeyID}})
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc, err := read()
	if errors.Is(err, driver.ErrNoDocuments) {
		doc = document.NewWebhookKey()
		_, err = s.settings.InsertOne(ctx, doc)
		if isDuplicate(err) { // another server was faster
			doc, err = read()
		}
	}
	return doc.Value, fault("read the key of webhooks", err)
}
