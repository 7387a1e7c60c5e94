package inbox

// Action is something that a viewer can do to a conversation, as the API
// names it.
type Action string

// The actions of B:Z5.
const (
	ActionView       Action = "VIEW"
	ActionReply      Action = "REPLY"
	ActionAssign     Action = "ASSIGN"
	ActionClaim      Action = "CLAIM"
	ActionUnassign   Action = "UNASSIGN"
	ActionTransfer   Action = "TRANSFER"
	ActionTakeOver   Action = "TAKE_OVER"
	ActionLeave      Action = "LEAVE"
	ActionClose      Action = "CLOSE"
	ActionReopen     Action = "REOPEN"
	ActionMonitor    Action = "MONITOR"
	ActionHandOff    Action = "HAND_OFF"
	ActionReopenSend Action = "REOPEN_AND_REPLY"
	ActionStartNew   Action = "START_NEW"
	ActionReturn     Action = "RETURN_TO_AGENT"
	ActionAccept     Action = "ACCEPT_OFFER"
	ActionDecline    Action = "DECLINE_OFFER"
	ActionWithdraw   Action = "WITHDRAW_OFFER"
	ActionSnooze     Action = "SNOOZE"
	ActionWake       Action = "WAKE"
)
