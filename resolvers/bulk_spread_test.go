package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An AI agent among those that conversations are spread over is a target that is refused
// for what it is, as where it is named alone, in a dry run too; nothing is begun. B:A3, B:T2
func TestAnAgentInASpreadIsARefusedTarget(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.owned("agent1")
	for _, verb := range []string{"assign", "transfer"} {
		for name, over := range map[string][]string{
			"alone": {w.global("agent ai")}, "among members": {w.global("member agent2"), w.global("agent ai")},
		} {
			for _, dry := range []bool{true, false} {
				got := w.as("owner").do(`mutation($input: BulkInput!) { payload: actOnConversations(input: $input) { results { outcome } userErrors { code field ... on TargetNotPermittedError { reason } } } }`,
					vars{"input": object{"selection": object{"ids": []any{object{"conversationId": w.anID(t, c, "Conversation")}}}, "verb": object{verb: object{"spreadOver": over}}, "dryRun": dry}})
				require.Equal(t, []any{object{
					"code": "TARGET_NOT_PERMITTED", "reason": "AI_AGENT", "field": []any{"verb", verb, "spreadOver"},
				}}, got.at("payload.userErrors"), "%s %s: %s", verb, name, got.text)
				require.Equal(t, c.Version, w.stored(c.ID).Version)
			}
		}
	}
}
