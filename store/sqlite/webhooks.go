package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// delivery selects the rows of deliveries, in the words of the index deliveries_by_state, and
// byState are the rows of documents by way of it.
const (
	delivery = "collection = '" + string(deliveryDocs) + "'"
	byState  = "documents INDEXED BY deliveries_by_state"
)

// The rows of deliveries keep their state in the column rev, by which lists choose.
func stateNumber(s webhooks.State) int {
	switch s {
	case webhooks.Delivered:
		return 1
	case webhooks.Skipped:
		return 2
	case webhooks.Retrying:
		return 3
	case webhooks.Parked:
		return 4
	case webhooks.Pending:
	}
	return 0
}

// WebhookWorkspaces lists the workspaces that have endpoints.
func (s *Store) WebhookWorkspaces(ctx context.Context) (out []workspace.WorkspaceID, err error) {
	err = s.view(ctx, func(tx *sql.Tx) (err error) {
		rows, err := tx.Query("SELECT DISTINCT workspace FROM documents WHERE collection = ? ORDER BY workspace", string(webhookDocs))
		out, err = collect(rows, err, func(r *sql.Rows) (id workspace.WorkspaceID, err error) { return id, r.Scan((*string)(&id)) })
		return err
	})
	return out, fault("list the workspaces with webhooks", err)
}

// WebhookProgress reads the progress of an endpoint; Rev is 0 when there is none.
func (s *Store) WebhookProgress(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID) (p webhooks.Progress, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		d, ok, err := get[document.WebhookProgress](tx, progressDocs, document.WebhookProgressID(ws, id))
		if p = d.Progress(); !ok || d.Workspace != ws {
			p = webhooks.Progress{Workspace: ws, Webhook: id}
		}
		return err
	})
	return p, fault("read the progress of a webhook", err)
}

// WebhookConditions reads what is wrong with endpoints of a workspace; those with which
// nothing is are missing.
func (s *Store) WebhookConditions(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.WebhookID) (map[workspace.WebhookID]webhooks.Condition, error) {
	out := map[workspace.WebhookID]webhooks.Condition{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			found, err := conditionOf(tx, ws, id)
			if err != nil {
				return err
			}
			if found != (webhooks.Condition{}) {
				out[id] = found
			}
		}
		return nil
	})
	return out, fault("read the condition of webhooks", err)
}

func conditionOf(tx *sql.Tx, ws workspace.WorkspaceID, id workspace.WebhookID) (out webhooks.Condition, err error) {
	d, ok, err := get[document.WebhookProgress](tx, progressDocs, document.WebhookProgressID(ws, id))
	if err != nil {
		return out, err
	}
	out.Failing = ok && d.Workspace == ws && d.Health.Failing()
	prefix, end := document.DeliveryPrefix(ws, id)
	err = tx.QueryRow("SELECT EXISTS (SELECT 1 FROM "+byState+" WHERE "+delivery+" AND id > ? AND id < ? AND rev = ? AND substr(id, -1) = ?)",
		prefix, end, stateNumber(webhooks.Parked), document.FirstTimeSuffix).Scan(&out.Parked)
	return out, err
}

// SaveWebhookProgress replaces the progress, whose Rev must be one more than the stored
// one (ErrStale otherwise), and writes deliveries with it.
func (s *Store) SaveWebhookProgress(ctx context.Context, p webhooks.Progress, deliveries ...webhooks.Delivery) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		err := replace(tx, progressDocs, stored{document.WebhookProgressID(p.Workspace, p.Webhook), string(p.Workspace), p.Rev, document.OfWebhookProgress(p)})
		for _, d := range deliveries {
			if err == nil {
				doc := document.OfDelivery(d)
				err = put(tx, deliveryDocs, stored{doc.ID, string(doc.Workspace), stateNumber(d.State), doc})
			}
		}
		return err
	})
	return fault("save deliveries", err)
}

// DeliveriesBehind lists deliveries of an endpoint and a replay behind a sequence.
func (s *Store) DeliveriesBehind(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, replay string, behind int64, limit int) (out []webhooks.Delivery, err error) {
	_, end := document.DeliveryPrefix(ws, id)
	from := document.DeliveryID(ws, id, behind+1, "")
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.Delivery](tx.Query("SELECT body FROM documents WHERE collection = ? AND id >= ? AND id < ? AND substr(id, ?) = ? ORDER BY id LIMIT ?",
			string(deliveryDocs), from, end, len(from)+1, replay, limit))
		for _, d := range docs {
			out = append(out, d.Delivery())
		}
		return err
	})
	return out, fault("list deliveries", err)
}

// ListDeliveries answers a page, newest first.
func (s *Store) ListDeliveries(ctx context.Context, q webhooks.DeliveryQuery) (inbox.Page[webhooks.Delivery], error) {
	prefix, end := document.DeliveryPrefix(q.Workspace, q.Webhook)
	where := []clause{{delivery, nil}, {"id > ? AND id < ?", []any{prefix, end}}}
	from := "documents"
	if q.State != "" {
		from = byState
		where = append(where, clause{"rev = ?", []any{stateNumber(q.State)}})
	}
	var page inbox.Page[document.Delivery]
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		page, err = readPage(tx, listing[document.Delivery]{
			from: from, where: where, keys: []string{"id"}, desc: true, page: q.Page,
			cursor: func(c inbox.PageCursor) []any {
				return []any{document.DeliveryID(q.Workspace, q.Webhook, int64(c.Sequence), c.ID)}
			},
		})
		return err
	})
	return store.Convert(page, document.Delivery.Delivery), fault("list deliveries", err)
}

// ForgetDeliveries removes deliveries whose place is before a sequence: up to limit that
// were delivered or skipped, and up to limit replays and tests that were parked. It returns
// how many.
func (s *Store) ForgetDeliveries(ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, before int64, limit int) (n int, err error) {
	prefix, _ := document.DeliveryPrefix(ws, id)
	err = s.update(ctx, func(tx *sql.Tx) error {
		went := fmt.Sprintf("rev IN (%d, %d)", stateNumber(webhooks.Delivered), stateNumber(webhooks.Skipped))
		parkedAgain := fmt.Sprintf("rev = %d AND substr(id, -1) <> '%s'", stateNumber(webhooks.Parked), document.FirstTimeSuffix)
		for _, those := range []string{went, parkedAgain} {
			done, err := tx.Exec("DELETE FROM documents WHERE "+delivery+" AND id IN (SELECT id FROM "+byState+" WHERE "+delivery+" AND id > ? AND id < ? AND "+those+" LIMIT ?)",
				prefix, document.DeliveryID(ws, id, before, ""), limit)
			if err != nil {
				return err
			}
			removed, err := done.RowsAffected()
			n += int(removed)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, fault("remove old deliveries", err)
}

// WebhookKey returns the 32 bytes that secrets of endpoints are sealed with. They are made
// when first asked for, and stay.
func (s *Store) WebhookKey(ctx context.Context) ([]byte, error) {
	var doc document.WebhookKey
	err := s.update(ctx, func(tx *sql.Tx) (err error) {
		var known bool
		if doc, known, err = get[document.WebhookKey](tx, settingDocs, document.WebhookKeyID); err != nil || known {
			return err
		}
		doc = document.NewWebhookKey()
		return put(tx, settingDocs, stored{ID: document.WebhookKeyID, Doc: doc})
	})
	return doc.Value, fault("read the key of webhooks", err)
}
