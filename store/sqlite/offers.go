package sqlite

import (
	"context"
	"database/sql"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// writeOffers writes the offers that e changed.
func writeOffers(tx *sql.Tx, e inbox.Event) error {
	for _, o := range e.Offers() {
		if err := writeOffer(tx, document.OfOffer(o)); err != nil {
			return err
		}
	}
	return nil
}

func writeOffer(tx *sql.Tx, d document.Offer) error {
	body, err := bson.Marshal(d)
	if err != nil {
		return err
	}
	var lapses any
	if d.LapsesAt != nil {
		lapses = d.LapsesAt.UnixMilli()
	}
	_, err = tx.Exec("INSERT OR REPLACE INTO offers (id, workspace, conversation, sender, member, team, status, offered_at, lapses_at, body) VALUES ("+marks(10)+")",
		string(d.ID), string(d.Workspace), string(d.Conversation), string(d.State.Sender), string(d.State.Member), string(d.State.Team), string(d.Status), d.OfferedAt.UnixMilli(), lapses, body)
	return err
}

// Offer finds an offer, whatever became of it.
func (s *Store) Offer(ctx context.Context, ws workspace.WorkspaceID, id inbox.OfferID) (inbox.Offer, error) {
	var found []document.Offer
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query("SELECT body FROM offers WHERE id = ? AND workspace = ?", string(id), string(ws))
		found, err = collect(rows, err, scanBody[document.Offer])
		return err
	})
	if err == nil && len(found) == 0 {
		return inbox.Offer{}, inbox.Missing("offer")
	}
	if err != nil {
		return inbox.Offer{}, fault("read an offer", err)
	}
	return found[0].Offer(), nil
}

// ListOffers answers a page of offers, those that were made last first.
func (s *Store) ListOffers(ctx context.Context, q desk.OfferQuery) (inbox.Page[inbox.Offer], error) {
	l := listing[document.Offer]{
		from: "offers", where: []clause{{"workspace = ?", []any{string(q.Workspace)}}, among("status", q.Statuses)},
		branches: offerBranches(q), keys: byTime("offered_at"), cursor: atTime, desc: true, page: q.Page,
	}
	var page inbox.Page[document.Offer]
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		page, err = readPage(tx, l)
		return err
	})
	return store.Convert(page, document.Offer.Offer), fault("list offers", err)
}

// offerBranches walk one index each.
func offerBranches(q desk.OfferQuery) (out []clause) {
	switch {
	case q.Sender != "":
		return []clause{{"sender = ?", []any{string(q.Sender)}}}
	case q.Member == "" && len(q.Statuses) == 1 && q.Statuses[0] == inbox.OfferOpen:
		return []clause{{"lapses_at IS NOT NULL", nil}}
	case q.Member == "":
		return nil
	}
	out = append(out, clause{"member = ?", []any{string(q.Member)}})
	for _, t := range q.Teams {
		out = append(out, clause{"member = '' AND team = ? AND sender <> ?", []any{string(t), string(q.Member)}})
	}
	return out
}

// LapsedOffers lists open offers of all workspaces whose time is over, the oldest first.
func (s *Store) LapsedOffers(ctx context.Context, until time.Time, limit int) ([]inbox.Offer, error) {
	var out []inbox.Offer
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query("SELECT body FROM offers WHERE lapses_at <= ? ORDER BY lapses_at LIMIT ?", until.UnixMilli(), limit)
		docs, err := collect(rows, err, scanBody[document.Offer])
		for _, d := range docs {
			out = append(out, d.Offer())
		}
		return err
	})
	return out, fault("list lapsed offers", err)
}

// forgetOffers removes the ended offers of a conversation.
func forgetOffers(tx *sql.Tx, c inbox.Conversation) error {
	_, err := tx.Exec("DELETE FROM offers WHERE conversation = ? AND workspace = ? AND lapses_at IS NULL", string(c.ID), string(c.Workspace))
	return err
}
