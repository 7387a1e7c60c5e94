package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/resolvers"
)

// The first moment of the calendar, which a program that forgot to set a time sends, is a moment
// before all others at every argument, and never stands for no time.
func TestTheFirstMomentIsATime(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		owner := w.as("owner")
		c := w.owned("agent1")
		w.numbered()
		id, hook := resolvers.ConversationID(c.ID), w.global("webhook")
		for _, moment := range []string{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0004Z", "0001-01-01T02:00:00+02:00"} {
			refused := func(as, field string, input object) {
				require.Equal(t, "INVALID_INPUT", w.as(as).refusedAct(field, input), moment)
			}
			refused("owner", "createApiKey", object{"name": "K", "expiresAt": moment})
			refused("owner", "setApiKeyExpiry", object{"id": w.global("key partner"), "expiresAt": moment})
			refused("agent1", "snoozeConversation", object{"conversationId": id, "until": object{"time": moment}})
			replay := owner.do(`mutation($in: ReplayWebhookInput!) { replayWebhook(input: $in) { events userErrors { code } } }`,
				vars{"in": object{"webhookId": hook, "from": object{"sequence": "1"}, "to": object{"at": moment}}})
			want := object{"events": number(0), "userErrors": []any{object{"code": "INVALID_INPUT"}}}
			require.Equal(t, want, replay.at("replayWebhook"), moment)
			count := func(span object) any {
				listed := owner.do(`query($v: InboxView) { conversations(view: $v) { totalCount } }`,
					vars{"v": object{"createdBetween": span}})
				return listed.at("conversations.totalCount")
			}
			require.Equal(t, number(1), count(object{"from": moment}), moment)
			require.Equal(t, number(0), count(object{"until": moment}), moment)
			first := owner.do(readLog, vars{"from": object{"at": moment}, "first": 1})
			require.Equal(t, "1", dig(t, first.at("eventLog.nodes").([]any)[0], "sequence"), moment)
			audited := owner.do(`query($f: AuditFilter) { auditLog(filter: $f) { nodes { id } } }`,
				vars{"f": object{"at": object{"until": moment}}})
			require.Empty(t, audited.at("auditLog.nodes"), moment)
		}
	})
}
