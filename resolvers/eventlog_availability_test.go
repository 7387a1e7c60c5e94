package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Each change of availability is a record that says who, from what, to what, why and when, and
// for which reason code: of a member who chose it and of one whom somebody else set, and none of
// the reason from before. B:P1, B:R3, B:V12
func TestTheLogSaysWhyAvailabilityChanged(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		log := w.as("owner").follow(`subscription { eventLog(filter: {records: [AVAILABILITY]}) {
			memberState { member { id } from availability reason reasonCode { id name } by { ... on Member { id } } } } }`, nil)
		for _, step := range []struct {
			by, from, to string
			code         any
		}{
			{"agent1", "ONLINE", "AWAY", w.global("reason AWAY")},
			{"agent1", "AWAY", "ONLINE", nil},
			{"owner", "ONLINE", "AWAY", nil},
			{"owner", "AWAY", "AWAY", w.global("reason AWAY")},
			{"agent1", "AWAY", "OFFLINE", nil},
		} {
			in := object{"availability": step.to, "memberId": w.global("member agent1")}
			if step.code != nil {
				in["reasonCodeId"] = step.code
			}
			w.as(step.by).do(`mutation($in: SetAvailabilityInput!) { setAvailability(input: $in) { userErrors { code } } }`, vars{"in": in}).ok()
			code, _ := dig(t, log.item(), "memberState").(object)
			want := object{"member": object{"id": w.global("member agent1")}, "from": step.from, "availability": step.to, "reason": "SET", "by": object{"id": w.global("member " + step.by)}, "reasonCode": nil}
			if step.code != nil {
				want["reasonCode"] = object{"id": step.code, "name": "For AWAY"}
			}
			require.Equal(t, want, code)
		}
	})
}
