package blackbox_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A key that was made on one server works on the other at once, and a key that
// was revoked on one ends on the other: its requests and its streams. Its secret
// is in no server's log.
func TestKeysOnTwoServers(t *testing.T) {
	t.Parallel()
	uri := database(t)
	one := demo(t, "--mongodb-uri", uri)
	two := demo(t, "--mongodb-uri", uri)
	here, there := one.desk(t, "demo"), two.desk(t, "demo")
	made := here.owner.do(`mutation { createApiKey(input: {name: "Reporting", role: "partner", permissions: ["view:livechat:ALL", "view:ticket:ALL"]}) {
		secret apiKey { id } userErrors { code message } } }`, nil)
	secret := str(t, made.Data, "createApiKey.secret")
	partner := two.with(t, secret)
	var name any
	eventually(t, "the key reaches the other server", func() bool {
		a := partner.do(`{ viewer { apiKey { name } } }`, nil)
		if a.status == http.StatusOK {
			name = a.at("viewer.apiKey.name")
		}
		return name != nil
	})
	require.Equal(t, "Reporting", name)
	events, bystander := partner.followEvents(there), there.observer.followEvents(there)

	here.owner.do(`mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { revokedAt } userErrors { code } } }`,
		object{"id": str(t, made.Data, "createApiKey.apiKey.id")}).at("revokeApiKey.apiKey.revokedAt")
	require.Equal(t, "UNAUTHENTICATED", events.refused(), "without any event")
	require.Equal(t, http.StatusUnauthorized, partner.do(`{ viewer { apiKey { name } } }`, nil).status)
	id := there.owned(there.agent1)
	bystander.item("what others do", func(item object) bool {
		return item["node"] != nil && str(t, item, "node.conversation.id") == id
	})
	for _, s := range []*server{one, two} {
		require.NotContains(t, s.errors.String(), secret)
		require.NotContains(t, s.out.String(), secret)
	}
}
