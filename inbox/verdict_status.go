package inbox

// canClose is B:C1 and B:C2.
func (a Access) canClose(c Conversation) Verdict {
	if v := a.permitSeen(c, PermClose); !v.Allowed {
		return v
	}
	rule := a.Rules().CloseActor
	switch {
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case a.owns(c), rule == CloseByAnyone, rule == CloseByAssigneeOrManager && a.manages(c.Kind):
		return allow()
	}
	return a.notAssignee(c)
}

func (a Access) canReopen(c Conversation) Verdict {
	if v := a.permitSeen(c, PermClose); !v.Allowed {
		return v
	}
	return onlyClosed(c)
}

// canSetStatus is for OPEN and UNSET of what is not closed. B:C3.
func (a Access) canSetStatus(c Conversation) Verdict { return a.permitSeen(c, PermClose) }

func (a Access) canReopenAndReply(c Conversation) Verdict {
	if a.Principal.Actor.Kind != ActorContact {
		if v := a.permitSeen(c, PermReply); !v.Allowed {
			return v
		}
	}
	if !a.Sees(c) {
		return a.canView(c)
	}
	if v := onlyClosed(c); !v.Allowed || a.Principal.Actor.Kind != ActorAgent {
		return v
	}
	return a.agentReply(c) // an agent that was stopped stays so. B:H3.
}

func onlyClosed(c Conversation) Verdict {
	if c.Status != Closed {
		return refuse(DeniedByState, InvalidInput)
	}
	return allow()
}
