package histcheck_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
)

// Each offer ends once, and holds no slot behind its end. B:T6
func TestOffers(t *testing.T) {
	step := func(offer, status string, holds workspace.MemberID) histcheck.OfferStep {
		return histcheck.OfferStep{Conversation: "c", Offer: offer, Status: status, Open: status == "OPEN", Holds: holds}
	}
	other := func(s histcheck.OfferStep) histcheck.OfferStep {
		s.Conversation = "other"
		return s
	}
	made, passed, declined := step("o", "OPEN", "ann"), step("o", "OPEN", "bob"), step("o", "DECLINED", "")
	for name, c := range map[string]struct {
		steps    []histcheck.OfferStep
		reserved map[workspace.MemberID]int
		open     bool
		want     []histcheck.Rule
	}{
		"none":                           {},
		"passed on and declined":         {steps: []histcheck.OfferStep{made, passed, declined}},
		"a second behind the first":      {steps: []histcheck.OfferStep{made, declined, step("p", "OPEN", ""), step("p", "ACCEPTED", "")}},
		"one each of two conversations":  {steps: []histcheck.OfferStep{made, other(step("p", "OPEN", "bob")), declined, other(step("p", "EXPIRED", ""))}},
		"open still, and that is right":  {steps: []histcheck.OfferStep{made}, reserved: map[workspace.MemberID]int{"ann": 1}, open: true},
		"open still":                     {steps: []histcheck.OfferStep{made}, reserved: map[workspace.MemberID]int{"ann": 1}, want: []histcheck.Rule{histcheck.Settled}},
		"two ends":                       {steps: []histcheck.OfferStep{made, declined, step("o", "EXPIRED", "")}, want: []histcheck.Rule{histcheck.Settled}},
		"it goes on behind its end":      {steps: []histcheck.OfferStep{made, declined, passed, declined}, want: []histcheck.Rule{histcheck.Settled}},
		"two at a time":                  {steps: []histcheck.OfferStep{made, step("p", "OPEN", ""), step("p", "ACCEPTED", ""), declined}, want: []histcheck.Rule{histcheck.Settled}},
		"a slot that nobody gives back":  {steps: []histcheck.OfferStep{made, declined}, reserved: map[workspace.MemberID]int{"ann": 1}, want: []histcheck.Rule{histcheck.Reserved}},
		"a slot that is held by the end": {steps: []histcheck.OfferStep{made, step("o", "ACCEPTED", "ann")}, want: []histcheck.Rule{histcheck.Reserved}},
		"a slot of the one before":       {steps: []histcheck.OfferStep{made, passed}, open: true, reserved: map[workspace.MemberID]int{"ann": 1, "bob": 1}, want: []histcheck.Rule{histcheck.Reserved}},
	} {
		t.Run(name, func(t *testing.T) {
			var rules []histcheck.Rule
			for _, f := range histcheck.Offers(c.steps, c.reserved, c.open) {
				require.NotEmpty(t, f.String())
				rules = append(rules, f.Rule)
			}
			require.Equal(t, c.want, rules)
		})
	}
}
