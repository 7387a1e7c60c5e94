package blackbox_test

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/internal/histcheck"
	"switchboard/internal/lincheck"
)

// ownershipTime bounds the check of all conversations.
const ownershipTime = 2 * time.Minute

// checkOwnership proves that what clients were told of who owns what, by all servers, could
// have been told by one server that did one thing after the other.
func (r *faultRun) checkOwnership(log histcheck.History) {
	all := r.operations(log)
	v := lincheck.Check(all, ownershipTime)
	for _, wrong := range v.Wrong {
		r.result.fault("ownership", wrong.String())
	}
	if len(v.Unfinished) > 0 {
		r.result.skip(fmt.Sprintf("whether the ownership of %d conversations is linearizable", len(v.Unfinished)), "the time was not enough: "+ownershipTime.String())
	}
	r.result.check("ownership is linearizable", fmt.Sprintf("%d operations, %d conversations", v.Operations, v.Conversations), len(v.Wrong))
	r.result.check("a second winner would be seen", "1 planted", unseen(all))
}

// unseen plants a second winner of a claim into what was recorded, and counts the plants
// that the judge does not see.
func unseen(all []lincheck.Operation) int {
	n := slices.IndexFunc(all, func(o lincheck.Operation) bool {
		return o.Kind == string(inbox.EventClaimed) && o.Seen != nil && o.Refused == ""
	})
	if n < 0 {
		return 1
	}
	second, seen := all[n], *all[n].Seen
	second.Actor, seen.Owner, second.Seen = "second", "second", &seen
	planted := slices.DeleteFunc(slices.Clone(all), func(o lincheck.Operation) bool { return o.Conversation != second.Conversation })
	if v := lincheck.Check(append(planted, second), ownershipTime); len(v.Wrong) == 1 {
		return 0
	}
	return 1
}

// operations are what clients asked and were told, and what the events say of the rest:
// what the rules did, what a message did beside, and what was done although its answer was
// lost.
func (r *faultRun) operations(log histcheck.History) (all []lincheck.Operation) {
	told := map[string]bool{}
	asked := map[string]faultAnswer{}
	for n, c := range r.clients {
		for _, a := range c.done {
			told[a.event] = a.event != ""
			if a.key != "" {
				asked[a.key] = a
			}
			for _, o := range a.operations() {
				o.Client = n
				all = append(all, o)
			}
		}
	}
	done := map[string]bool{}
	for _, e := range log.Events {
		done[e.Key.Key] = true
		if e.Type == inbox.OwnershipEvent && !told[string(e.ID)] {
			all = append(all, untold(e, asked[e.Key.Key]))
		}
	}
	for key, a := range asked {
		if a.failed != "" && !done[key] && a.about() != "" {
			all = append(all, lincheck.Operation{Conversation: a.about(), Kind: a.verb, Actor: a.me, Call: a.called})
		}
	}
	return all
}

// untold is an event of which no answer told. By then it was asked for, if a client did,
// and otherwise decided; it was committed at any time from then on.
func untold(e inbox.Event, a faultAnswer) lincheck.Operation {
	o := lincheck.Operation{
		Conversation: string(e.Conversation), Kind: string(e.Kind), Actor: string(e.Actor.Member()), Call: e.At,
		From: &lincheck.State{Owner: string(e.From.Assignee), Status: string(e.From.Status)},
		Seen: &lincheck.State{Version: e.Version, Epoch: e.Epoch, Owner: string(e.To.Assignee), Status: string(e.To.Status)},
	}
	if e.After != nil && e.After.Offer.Open() {
		o.Seen.Offer = string(e.After.Offer.ID)
	}
	if !a.called.IsZero() {
		o.Call = a.called
		if a.code == "" && a.failed == "" {
			o.Return = a.back
		}
	}
	return o
}

// about is the conversation that the client named, or whose offer it did; empty for none.
func (a faultAnswer) about() string { return cmp.Or(plainID(a.input["conversationId"]), a.on) }

// operations are what an answer tells: what was done, at any time since it was asked for,
// and what the conversation was like, since it was asked for last.
func (a faultAnswer) operations() (all []lincheck.Operation) {
	if a.back.IsZero() {
		return nil
	}
	if shown := stateOf(dig(a.payload, "conversation")); shown != nil {
		all = append(all, lincheck.Operation{Conversation: plainID(a.conversation), Kind: lincheck.Read, Call: a.shownSince(*shown), Return: a.back, Seen: shown})
	}
	expected, _ := a.input["expectedVersion"].(float64)
	event := dig(a.payload, "event")
	switch {
	case a.event != "":
		kind, _ := dig(event, "kind").(string)
		epoch, _ := dig(event, "epoch").(float64)
		from, to := sideOf(dig(event, "from")), sideOf(dig(event, "to"))
		to.Version, to.Epoch, to.Offer = a.version, int(epoch), openOffer(event)
		all = append(all, lincheck.Operation{
			Conversation: plainID(a.conversation), Kind: kind, Actor: a.me, Call: a.called, Return: a.back, Expected: int(expected), From: &from, Seen: &to,
		})
	case a.code != "" && a.about() != "" && a.verb != "startNewConversation": // whose refusal may be of the successor
		all = append(all, lincheck.Operation{
			Conversation: a.about(), Kind: a.verb, Actor: a.me, Call: a.last, Return: a.back, Expected: int(expected), Refused: a.code,
			Seen: stateOf(dig(refused(a.payload), "current")),
		})
	}
	return slices.Clip(all)
}

// shownSince is from when on the conversation may have been as the answer shows it. A repeat
// shows it as it is since it was asked for; or as the verb left it, whenever that was, to
// whom it is out of sight by then.
func (a faultAnswer) shownSince(shown lincheck.State) time.Time {
	if a.version == 0 || shown.Version == a.version {
		return a.called
	}
	return a.last
}

// stateOf reads a conversation as an answer shows it; nil for none.
func stateOf(conversation any) *lincheck.State {
	version, shown := dig(conversation, "version").(float64)
	epoch, _ := dig(conversation, "epoch").(float64)
	if !shown {
		return nil
	}
	s := sideOf(conversation)
	s.Version, s.Epoch, s.Offer = int(version), int(epoch), openOffer(conversation)
	return &s
}

// sideOf reads the owner and the status.
func sideOf(of any) lincheck.State {
	status, _ := dig(of, "status").(string)
	return lincheck.State{Owner: plainID(dig(of, "assignee", "id")), Status: status}
}

// openOffer reads the offer that stands; empty for none, or if it is not shown.
func openOffer(of any) string {
	if dig(of, "offer", "status") != "OPEN" {
		return ""
	}
	return plainID(dig(of, "offer", "id"))
}
