package blackbox_test

// offerOf is the open offer of a conversation as it was last heard of; nil for none.
func offerOf(conversation object) object {
	offer, _ := conversation["offer"].(object)
	if offer["status"] != "OPEN" {
		return nil
	}
	return offer
}

// offered is whether the conversation was offered to this client.
func (c *faultClient) offered(conversation object) bool {
	return dig(offerOf(conversation), "member", "id") == c.me
}

func (c *faultClient) offers(conversation object) bool {
	return c.owns(conversation) && offerOf(conversation) != nil
}

func faultOffer(c *faultClient) (string, object) {
	return "transferConversation", faultWith(faultWith(c.on(c.owns), "to", c.target()), "offer", true)
}

func faultAccept(c *faultClient) (string, object) { return "acceptOffer", c.onOffer(c.offered) }

func faultDecline(c *faultClient) (string, object) {
	return "declineOffer", faultWith(c.onOffer(c.offered), "reason", "I am busy.")
}

func faultWithdraw(c *faultClient) (string, object) { return "withdrawOffer", c.onOffer(c.offers) }

// onOffer picks an offer of a conversation of which wanted probably holds. It may have ended.
func (c *faultClient) onOffer(wanted func(object) bool) object {
	conversation := c.run.known.pick(c.random, wanted)
	offer, _ := conversation["offer"].(object)
	if offer == nil {
		return nil
	}
	c.asked = plainID(conversation["id"])
	return object{"offerId": offer["id"]}
}
