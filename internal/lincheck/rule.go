package lincheck

// Who owns the conversation beside a step, or what becomes of its offer.
const (
	anybody = "anybody" // or nobody
	nobody  = "nobody"
	someone = "someone"
	actor   = "the actor"
	other   = "somebody else than the actor"
	same    = "the same"
	orQueue = "the same, or nobody"
	opens   = "opens"
	ends    = "ends"
)

// rule is what one kind of step may lead from and to.
type rule struct {
	// from and to are the owner before and after it.
	from, to string
	// closed is the status before and after it; empty where either is possible.
	closedFrom, closedTo string
	// offer is what becomes of an offer that stands: the same, it opens, or it ends.
	offer string
}

// The values of closedFrom and closedTo.
const (
	yes = "yes"
	no  = "no"
)

// rules has a row for each kind of step. Whatever the kind, the version grows by one, and
// the epoch by one if the owner changes and by none if not; see step.
func rules() map[string]rule {
	return map[string]rule{
		"CREATED":        {nobody, anybody, "", no, ends},
		"HANDED_OFF":     {nobody, anybody, no, no, ends},
		"QUEUED":         {anybody, nobody, no, no, ends},
		"ASSIGNED":       {anybody, someone, no, no, ends},
		"CLAIMED":        {nobody, actor, no, no, ends},
		"AUTO_ASSIGNED":  {anybody, someone, no, no, ends},
		"UNASSIGNED":     {someone, nobody, no, no, ends},
		"TRANSFERRED":    {someone, anybody, no, no, ends},
		"TAKEN_OVER":     {other, actor, no, no, ends},
		"LEFT":           {someone, nobody, no, no, ends},
		"CLOSED":         {anybody, anybody, no, yes, ends},
		"REOPENED":       {anybody, anybody, yes, no, ends},
		"RETURNED_TO_AI": {anybody, nobody, no, no, ends},
		"RECLAIMED":      {someone, nobody, no, no, ends},
		"UNANSWERED":     {someone, same, no, no, same},
		"UNDONE":         {anybody, anybody, "", "", ends},
		"STATUS_CHANGED": {anybody, anybody, "", "", same},
		"TEAM_REMOVED":   {anybody, anybody, "", "", ends},
		// Offers: the sender stays the owner until somebody accepts, which is TRANSFERRED.
		"OFFERED":         {someone, same, no, no, opens},
		"OFFER_PASSED_ON": {someone, same, no, no, same},
		"OFFER_WITHDRAWN": {someone, same, no, no, ends},
		// A rule may send to the team's queue what nobody accepted.
		"OFFER_DECLINED":   {someone, orQueue, no, no, ends},
		"OFFER_EXPIRED":    {someone, orQueue, no, no, ends},
		"OFFER_SUPERSEDED": {someone, orQueue, no, no, ends},
	}
}

// refusal is what a refusal says of the owner at some moment of the operation; empty if it
// says nothing of the owner. Others may be right whatever the state: of rights, of plans,
// of arguments.
func refusal(code string) string {
	return map[string]string{
		"ALREADY_ASSIGNED": someone, "NOT_ASSIGNEE": notActor, "ALREADY_ASSIGNEE": actor, "NOT_ASSIGNED": nobody,
		"TAKEOVER_REQUIRED": other,
	}[code]
}

// notActor is nobody, or somebody else than the actor.
const notActor = "not the actor"

// owns reports whether owner is who that says, for a step of by.
func owns(that, owner, by string) bool {
	switch that {
	case nobody:
		return owner == ""
	case someone:
		return owner != ""
	case actor:
		return owner == by
	case other:
		return owner != "" && owner != by
	case notActor:
		return owner != by
	}
	return true
}
