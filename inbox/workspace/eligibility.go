package workspace

import "slices"

// CountedKinds are the kinds that count toward the cap: those that the rules
// hand out.
func (r Rules) CountedKinds() []Kind {
	if r.AutoAssignTickets {
		return []Kind{Livechat, Ticket}
	}
	return []Kind{Livechat}
}

// Routes reports whether the rules hand out kind at all. B:Q11.
func (r Rules) Routes(kind Kind) bool { return slices.Contains(r.CountedKinds(), kind) }

// Used is the part of l that counts toward the cap, with what is reserved.
func (l Load) Used(counted []Kind) int {
	used := 0
	for _, kind := range counted {
		switch kind {
		case Livechat:
			used += l.Livechats + l.ReservedLivechats
		case Ticket:
			used += l.Tickets + l.ReservedTickets
		}
	}
	return used
}
