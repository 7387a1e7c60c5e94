package resolvers_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// reasonDoor is a way by the API to an act that a reason code explains.
type reasonDoor struct {
	field, who, usage string
	input             object
	// call says that the act is that of a call with many conversations.
	call bool
}

// reasonDoors are all of them, each with a conversation of its own.
func reasonDoors(w *space) []reasonDoor {
	mine := func() string { return resolvers.ConversationID(w.owned("agent1").ID) }
	to := func(who string) object { return object{"memberId": w.global("member " + who)} }
	one := func(more object) object { return merged(object{"conversationId": mine()}, more) }
	many := func(verb object) object { return object{"selection": chosen(mine()), "verb": verb} }
	return []reasonDoor{
		{"assignConversation", "agent1", "TRANSFER", one(object{"to": to("agent2")}), false},
		{"assignConversation", "senior", "TAKEOVER", one(object{"to": to("senior")}), false},
		{"transferConversation", "agent1", "TRANSFER", one(object{"to": to("agent2")}), false},
		{"transferConversation", "agent1", "TRANSFER", one(object{"to": to("agent2"), "offer": true}), false},
		{"takeOverConversation", "senior", "TAKEOVER", one(object{}), false},
		{"unassignConversation", "agent1", "TRANSFER", one(object{}), false},
		{"leaveConversation", "agent1", "TRANSFER", one(object{}), false},
		{"returnToAgent", "agent1", "TRANSFER", one(object{}), false},
		{"setConversationStatus", "agent1", "CLOSE", one(object{"status": "CLOSED"}), false},
		{"declineOffer", "agent2", "DECLINE", object{"offerId": w.offer("")}, false},
		{"actOnConversations", "agent1", "TRANSFER", many(object{"assign": to("agent2")}), true},
		{"actOnConversations", "senior", "TAKEOVER", many(object{"assign": to("senior")}), true},
		{"actOnConversations", "agent1", "TRANSFER", many(object{"transfer": to("agent2")}), true},
		{"actOnConversations", "agent1", "CLOSE", many(object{"close": true}), true},
		{"actOnConversations", "agent1", "TRANSFER", many(object{"unassign": true}), true},
		{"setAvailability", "agent2", "AWAY", object{"availability": "AWAY"}, false},
	}
}

// ask runs the act and returns its refusal, if any, and the event that it made.
func (d reasonDoor) ask(c *client, code string) (refusal, event any) {
	c.t.Helper()
	const why = `{ code ... on ReasonRequiredError { usage field } }`
	selected := "event { reasonCode { id usage } } userErrors " + why
	switch {
	case d.call:
		selected = "results { event { reasonCode { id usage } } error " + why + " }"
	case d.field == "setAvailability":
		selected = "userErrors " + why
	}
	in := object{}
	if code != "" {
		in["reasonCodeId"] = code
	}
	typeName := loadSchema(c.t).Mutation.Fields.ForName(d.field).Arguments.ForName("input").Type.String()
	payload, _ := c.do(fmt.Sprintf("mutation($in: %s) { payload: %s(input: $in) { %s } }", typeName, d.field, selected), vars{"in": merged(d.input, in)}).at("payload").(object)
	if d.call {
		one := results(c.t, payload)[0]
		return one["error"], one["event"]
	}
	if refused, _ := payload["userErrors"].([]any); len(refused) > 0 {
		return refused[0], nil
	}
	return nil, payload["event"]
}

// Every usage of the vocabulary is demanded at every door of the API that takes a reason
// code, is recorded there, and no usage is left that nothing demands. B:T6
func TestReasonsAtEveryDoor(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		doors, usages := reasonDoors(w), []string{}
		for _, u := range schema.Types["ReasonUsage"].EnumValues {
			usages = append(usages, u.Name)
		}
		w.as("owner").act("updateWorkspaceRules", object{"reasonsRequired": usages})
		asked, demanded := map[string]bool{}, map[string]bool{}
		for _, d := range doors {
			refusal, _ := d.ask(w.as(d.who), "")
			require.Equal(t, object{"code": "REASON_REQUIRED", "usage": d.usage, "field": []any{"reasonCodeId"}}, refusal, "%s %v", d.field, d.input)
			code := w.global("reason " + d.usage)
			refusal, event := d.ask(w.as(d.who), code)
			require.Nil(t, refusal, "%s %v", d.field, d.input)
			if d.field != "setAvailability" {
				require.Equal(t, object{"id": code, "usage": d.usage}, dig(t, event, "reasonCode"), d.field)
			}
			asked[d.field], demanded[d.usage] = true, true
		}
		free := map[string]bool{"claimConversation": true, "wakeConversation": true} // the same input, and nothing to explain
		for _, f := range schema.Mutation.Fields {
			if free[f.Name] {
				continue
			}
			input := f.Arguments.ForName("input")
			takes := input != nil && schema.Types[input.Type.Name()].Fields.ForName("reasonCodeId") != nil
			require.Equal(t, takes, asked[f.Name], "%s takes a reason code, and no row tries it, or the other way round", f.Name)
			if rules := f.Directives.ForName("rules"); takes {
				require.NotNil(t, rules, f.Name)
				require.Contains(t, rules.Arguments.ForName("names").Value.String(), `"reasonsRequired"`, f.Name)
			}
		}
		for _, u := range usages {
			require.True(t, demanded[u], "%s explains nothing", u)
		}
	})
}

// The code and the words with which an offer is declined are in the event, in the history,
// and in the offer as both sides list it; not for whoever may no longer see the
// conversation. B:T6
func TestWhyAnOfferWasDeclined(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		offer := w.offerOf(c.ID, "agent1", access.Owner{Member: w.member("agent2")})
		code := w.global("reason DECLINE")
		w.as("agent2").act("declineOffer", object{"offerId": offer, "reasonCodeId": code, "reason": "no time"})
		want := object{"id": offer, "reasonCode": object{"id": code, "name": "For DECLINE"}, "reasonText": "no time"}
		const shown = ` { id reasonCode { id name } reasonText }`
		history := w.as("agent1").do(`query($id: ID!) { conversation(id: $id) { history(first: 1) { nodes { kind reason reasonCode { id } offer `+shown+` } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		require.Equal(t, []any{object{"kind": "OFFER_DECLINED", "reason": "no time", "reasonCode": object{"id": code}, "offer": want}}, history.at("conversation.history.nodes"))
		for who, side := range map[string]string{"agent1": "SENT", "agent2": "RECEIVED"} {
			listed := func() any {
				return w.as(who).do(`{ offers(side: `+side+`) { nodes `+shown+` } }`, nil).at("offers.nodes")
			}
			require.Equal(t, []any{want}, listed(), who)
		}
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("admin"), desk.Request{Conversation: c.ID}, nil, "")
		require.NoError(t, err)
		w.editWorkspaceRules(t)
		hidden := w.as("agent1").do(`{ offers(side: SENT) { nodes `+shown+` } }`, nil).at("offers.nodes")
		require.Equal(t, []any{object{"id": offer, "reasonCode": nil, "reasonText": nil}}, hidden)
	})
}

// editWorkspaceRules hides from members what others own.
func (w *space) editWorkspaceRules(t *testing.T) {
	t.Helper()
	w.as("owner").act("updateWorkspaceRules", object{"visibility": "EXCLUSIVE"})
	w.settle()
}

// One member of a team declines what is offered to all of it: the notification, the list
// and the count of that member lose it, those of the others keep it, on both engines. B:T6
func TestOneOfATeamDeclines(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.as("owner").act("updateWorkspaceRules", object{"teamTarget": "TEAM_POOL"})
		w.settle()
		c := w.owned("agent1")
		offer := w.offerOf(c.ID, "agent1", access.Owner{Team: w.team("support")})
		has := func(who string) (listed, counted, told bool, notification any) {
			a := w.as(who).do(`{ conversations(view: {list: OFFERED_TO_ME}) { totalCount nodes { id } } inboxCounts(views: [{list: OFFERED_TO_ME}]) { count }
				notifications { totalCount nodes { id kind } } }`, nil)
			for _, n := range a.at("notifications.nodes").([]any) {
				if dig(t, n, "kind") == "OFFERED_TO_YOUR_TEAM" {
					told, notification = true, dig(t, n, "id")
				}
			}
			counts, _ := a.at("inboxCounts").([]any)
			return slices.Contains(column(t, a.at("conversations.nodes"), "id"), resolvers.ConversationID(c.ID)), dig(t, counts[0], "count") == number(1), told, notification
		}
		_, _, told, notification := has("agent2")
		require.True(t, told)
		w.as("agent2").act("declineOffer", object{"offerId": offer})
		listed, counted, told, _ := has("agent2")
		require.Equal(t, []bool{false, false, false}, []bool{listed, counted, told})
		require.Equal(t, "NOT_FOUND", w.as("agent2").do(`query($id: ID!) { node(id: $id) { id } }`, vars{"id": notification}).code())
		listed, counted, told, same := has("senior")
		require.Equal(t, []bool{true, true, true}, []bool{listed, counted, told})
		require.Equal(t, notification, same, "the one that was there")
		require.Equal(t, "OFFER_SETTLED", w.as("agent2").refusedAct("acceptOffer", object{"offerId": offer}))
		w.as("senior").act("acceptOffer", object{"offerId": offer})
		_, _, told, _ = has("senior")
		require.False(t, told)
	})
}
