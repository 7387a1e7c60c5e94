package world

import (
	"context"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// Moved is a load after a change of its counters.
func Moved(load workspace.Load, l inbox.LoadChange) workspace.Load {
	if l.Kind == workspace.Livechat {
		load.Livechats += l.Delta
		load.ReservedLivechats += l.Reserved
		return load
	}
	load.Tickets += l.Delta
	load.ReservedTickets += l.Reserved
	return load
}

// keepOffers needs Mu.
func (m *records) keepOffers(e inbox.Event) {
	for _, o := range e.Offers() {
		i := slices.IndexFunc(m.offers, func(old inbox.Offer) bool { return old.ID == o.ID })
		if i < 0 {
			m.offers, i = append(m.offers, o), len(m.offers)
		}
		m.offers[i] = o
	}
}

// Offered lists all offers, oldest first.
func (m *ports) Offered() []inbox.Offer {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	return slices.Clone(m.offers)
}

func (m *ports) Offer(_ context.Context, ws workspace.WorkspaceID, id inbox.OfferID) (inbox.Offer, error) {
	return find(&m.records, "offer", m.Offered(), func(o inbox.Offer) bool { return o.Workspace == ws && o.ID == id })
}

func (m *ports) ListOffers(_ context.Context, q desk.OfferQuery) (inbox.Page[inbox.Offer], error) {
	var page inbox.Page[inbox.Offer]
	for _, o := range slices.Backward(m.Offered()) {
		received := o.Member == q.Member && q.Member != "" || o.Member == "" && o.Sender != q.Member && slices.Contains(q.Teams, o.Team)
		anybody := q.Sender == "" && q.Member == ""
		if o.Workspace == q.Workspace && inbox.OneOf(q.Statuses, o.Status) &&
			(anybody || q.Sender != "" && o.Sender == q.Sender || received) {
			page.Items = append(page.Items, o)
		}
	}
	return pageOfOffers(page, q.Page), m.Fault
}

// pageOfOffers is the part of a list that a request asks for.
func pageOfOffers(page inbox.Page[inbox.Offer], r inbox.PageRequest) inbox.Page[inbox.Offer] {
	if r.After != nil {
		at := slices.IndexFunc(page.Items, func(o inbox.Offer) bool { return string(o.ID) == r.After.ID })
		page.Items, page.HasPrev = page.Items[at+1:], at >= 0
	}
	if r.Limit > 0 && len(page.Items) > r.Limit {
		page.Items, page.HasNext = page.Items[:r.Limit], true
	}
	return page
}

func (m *ports) LapsedOffers(_ context.Context, until time.Time, limit int) ([]inbox.Offer, error) {
	var out []inbox.Offer
	all := m.Offered()
	slices.SortStableFunc(all, func(a, b inbox.Offer) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	for _, o := range all {
		if o.Open() && !o.ExpiresAt.After(until) && len(out) < limit {
			out = append(out, o)
		}
	}
	return out, m.Fault
}
