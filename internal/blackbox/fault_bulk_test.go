package blackbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"switchboard/inbox/workspace"
)

// faultBulk is what is asked of a call with many conversations.
const faultBulk = `bulkId notTried results { conversationId outcome ` + faultOwnership + ` error { code message ...S } }`

// faultMany acts on a few conversations at once, as a person ends a shift or spreads work.
func faultMany(c *faultClient) (string, object) {
	wanted, verb := c.owns, object{"transfer": c.target()}
	switch c.random.IntN(6) {
	case 0:
		wanted, verb = faultUnowned, object{"assign": object{"spreadOver": []any{c.colleague(), c.me}}}
	case 1:
		wanted, verb = faultUnowned, object{"assign": c.target()}
	case 2:
		verb = object{"unassign": true}
	case 3:
		verb = object{"close": true}
	}
	items, chosen := []any{}, map[any]bool{}
	for range 2 + c.random.IntN(3) {
		item := c.on(wanted)
		if item != nil && !chosen[item["conversationId"]] {
			chosen[item["conversationId"]] = true
			items = append(items, item)
		}
	}
	if len(items) == 0 {
		return "actOnConversations", nil
	}
	return "actOnConversations", object{"selection": object{"ids": items}, "verb": verb}
}

// colleague is another member.
func (c *faultClient) colleague() string {
	for {
		if id := globalID("Member", string(faultMember(c.random.IntN(faultMembers)))); id != c.me {
			return id
		}
	}
}

// each takes the answer of a call with many conversations apart, one answer an item; any
// other answer stays as it is. B:G1
func (a faultAnswer) each() (all []faultAnswer) {
	results, _ := a.payload["results"].([]any)
	if a.failed != "" || a.code != "" || len(results) == 0 {
		return []faultAnswer{a}
	}
	asked, _ := dig(a.input, "selection", "ids").([]any)
	for n, one := range results {
		result, _ := one.(object)
		item := a
		item.verb, item.input = "each of "+a.verb, object{}
		if n < len(asked) {
			item.input, _ = asked[n].(object)
		}
		item.key = faultItemKey(a.me, a.key, plainID(result["conversationId"]))
		switch {
		case item.input["conversationId"] != result["conversationId"]:
			item.failed = "the results are not in the order of the ids"
		case result["outcome"] == "NOT_TRIED":
			item.failed = "never tried"
		}
		if result["error"] != nil {
			result["userErrors"] = []any{result["error"]}
		}
		item.take(result)
		all = append(all, item)
	}
	return all
}

// faultItemKey is the key of one conversation of a call.
func faultItemKey(member, key, conversation string) string {
	digest := func(parts ...string) string {
		sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
		return hex.EncodeToString(sum[:16])
	}
	return "bulk:" + digest("faults", string(workspace.ActorMember), member, key) + ":" + digest(conversation)
}

// tried reports whether a call with many conversations tried them all; any other is.
func (got answer) tried() bool {
	left, _ := dig(got.Data, "done", "notTried").(float64)
	return left == 0
}

// repeated says what a repeat with the same key did otherwise than the call before it;
// empty for nothing. What was refused may be done by then.
func repeated(before, again []faultAnswer) string {
	for n, a := range before {
		if n < len(again) && a.event != "" && a.event != again[n].event {
			return "the repeat gives event " + again[n].event + " for " + a.event + ": " + again[n].text
		}
	}
	return ""
}
