package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// offerIndex holds offers by their parties.
const offerIndex = "parties"

// writeOffers writes the offers that events changed, in one round trip; none where there
// are none.
func writeOffers(tx context.Context, offers *driver.Collection, events []inbox.Event) error {
	var models []driver.WriteModel
	for _, e := range events {
		for _, o := range e.Offers() {
			models = append(models, driver.NewReplaceOneModel().SetFilter(inWorkspace(o.Workspace, o.ID)).SetReplacement(document.OfOffer(o)).SetUpsert(true))
		}
	}
	if len(models) == 0 {
		return nil
	}
	_, err := offers.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
	return err
}

// Offer finds an offer, whatever became of it.
func (s *Store) Offer(ctx context.Context, ws workspace.WorkspaceID, id inbox.OfferID) (inbox.Offer, error) {
	doc, err := byID(ctx, s, s.offers, ws, id, all[document.Offer])
	if errors.Is(err, driver.ErrNoDocuments) {
		return inbox.Offer{}, inbox.Missing("offer")
	}
	return doc.Offer(), fault("read an offer", err)
}

// ListOffers answers a page of offers, those that were made last first.
func (s *Store) ListOffers(ctx context.Context, q desk.OfferQuery) (inbox.Page[inbox.Offer], error) {
	var c conditions
	c.add("workspace", q.Workspace)
	among(&c, "parties", partiesOf(q))
	among(&c, "status", q.Statuses)
	if q.Member != "" {
		c.add("state.sender", bson.D{{Key: "$ne", Value: q.Member}}) // nobody receives what they offer
	}
	page, err := list[document.Offer](ctx, s, listing{
		from: s.offers, filter: c, field: "offeredAt", desc: true, index: offerIndex, walked: []string{"workspace", "parties"}, page: q.Page,
	})
	return store.Convert(page, document.Offer.Offer), fault("list offers", err)
}

// partiesOf are those of which each offer of q has one; none if q asks for all of the
// workspace, whatever their status.
func partiesOf(q desk.OfferQuery) []document.Facet {
	switch {
	case q.Sender != "":
		return []document.Facet{access.OfferedByFacet(q.Sender)}
	case q.Member != "":
		return append(document.EachFacet(access.OfferedTeamFacet, q.Teams), access.OfferedFacet(q.Member))
	case len(q.Statuses) == 1 && q.Statuses[0] == inbox.OfferOpen:
		return []document.Facet{document.OpenOffers}
	}
	return nil
}

// LapsedOffers lists open offers of all workspaces whose time is over, the oldest first.
func (s *Store) LapsedOffers(ctx context.Context, until time.Time, limit int) ([]inbox.Offer, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	filter := bson.D{{Key: "lapsesAt", Value: bson.D{{Key: "$lte", Value: until}}}}
	o := options.Find().SetHint("lapse").SetSort(bson.D{{Key: "lapsesAt", Value: 1}}).SetLimit(int64(limit))
	docs, err := find[document.Offer](ctx, s, s.offers, filter, o)
	out := make([]inbox.Offer, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Offer())
	}
	return out, fault("list lapsed offers", err)
}
