package main

// budgetSettings bound current use by the kind of caller. 0 is no bound unless a
// help text says otherwise.
type budgetSettings struct {
	MaxSubscriptions         int `help:"Subscriptions that may be open at once." default:"50000"`
	WorkspaceSubscriptions   int `help:"As --max-subscriptions, of one workspace." default:"20000"`
	MemberSubscriptions      int `help:"As --max-subscriptions, of one member, over all connections." default:"1000"`
	IntegrationSubscriptions int `help:"As --max-subscriptions, of one AI agent or API key." default:"5000"`
	ContactSubscriptions     int `help:"As --max-subscriptions, of one contact." default:"8"`
	SubscriptionMemory       int `help:"Memory for subscriptions and messages that wait to be sent, in MiB; 0 for 40 % of the memory limit, or 1024 without one."`
	ContactConnections       int `help:"Sockets and event streams of one contact." default:"8"`
	ContactOperations        int `help:"Queries and mutations that one contact may run at once." default:"4"`
	ContactCostPerSecond     int `help:"As --cost-per-second, of one contact; ten times as much at once, and five times as much for one operation." default:"200"`
	messageQuotaSettings     `embed:""`
}

// messageQuotaSettings bound the messages that contacts write.
type messageQuotaSettings struct {
	ContactMessagesPerMinute     int `help:"Messages that one contact may write, 20 of them at once." default:"60"`
	ContactBytesPerMinute        int `help:"Bytes of them; twice as many at once." default:"65536"`
	ContactConversationsPerHour  int `help:"Conversations that one contact may begin; a fifth of them at once." default:"10"`
	ContactsMessagesPerMinute    int `help:"Messages that all contacts of a workspace may write together." default:"6000"`
	ContactsBytesPerMinute       int `help:"Bytes of them." default:"6291456"`
	ContactsConversationsPerHour int `help:"Conversations that they may begin; half of them at once." default:"2000"`
	RelayedMessagesPerMinute     int `help:"Messages and conversations in the names of contacts that all members, AI agents and API keys of a workspace may write together." default:"30000"`
}

func (s *budgetSettings) check(c *checks) {
	for _, one := range []struct {
		name  string
		value int
	}{
		{"max-subscriptions", s.MaxSubscriptions}, {"workspace-subscriptions", s.WorkspaceSubscriptions}, {"member-subscriptions", s.MemberSubscriptions},
		{"integration-subscriptions", s.IntegrationSubscriptions}, {"contact-subscriptions", s.ContactSubscriptions}, {"subscription-memory", s.SubscriptionMemory},
		{"contact-connections", s.ContactConnections}, {"contact-operations", s.ContactOperations}, {"contact-cost-per-second", s.ContactCostPerSecond},
		{"contact-messages-per-minute", s.ContactMessagesPerMinute}, {"contact-bytes-per-minute", s.ContactBytesPerMinute},
		{"contact-conversations-per-hour", s.ContactConversationsPerHour}, {"contacts-messages-per-minute", s.ContactsMessagesPerMinute},
		{"contacts-bytes-per-minute", s.ContactsBytesPerMinute}, {"contacts-conversations-per-hour", s.ContactsConversationsPerHour},
		{"relayed-messages-per-minute", s.RelayedMessagesPerMinute},
	} {
		if one.value < 0 {
			c.wrong(one.name, "--"+one.name+" 100", "%d is less than nothing", one.value)
		}
	}
}
