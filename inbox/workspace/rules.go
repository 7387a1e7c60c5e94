package workspace

import "time"

// Rules are the settings of a workspace for its verbs. DefaultRules returns the
// defaults; Validate checks the bounds.
type Rules struct {
	// Method chooses the member who gets a conversation if no person is named. B:Q2
	// to Q5.
	Method Method
	// MaxAutoAssigned is the cap of B:Q6, from 1 to MaxCap.
	MaxAutoAssigned int
	// AutoAssignTickets lets tickets go by the rules. B:Q11.
	AutoAssignTickets bool
	TeamTarget        TeamTarget
	Unassign          UnassignRule
	AIAfterUnassign   AIAfterUnassign
	TransferToAway    TransferToAway
	TransferActor     TransferActor
	// TransferAcceptance is whether transfers are offered, and OfferTimeout how long an
	// offer stands for each member who is asked. B:T6.
	TransferAcceptance TransferAcceptance
	OfferTimeout       time.Duration
	// OfferRounds is how many members of a team are asked, one after the other, from 1 to
	// MaxOfferRounds; OfferExhausted decides who has the conversation if none of them
	// accepts. B:T6.
	OfferRounds    int
	OfferExhausted OfferExhausted
	// DeclineNeedsReason refuses to decline an offer without a reason. B:T6.
	DeclineNeedsReason bool
	TakeoverUnassigned TakeoverUnassigned
	// UndoWindow bounds how long a transfer or takeover may be undone. B:K5.
	UndoWindow     time.Duration
	NotifyContact  NotifyContact
	AIWhilePending AIWhilePending
	AIWhenAssigned AIWhenAssigned
	CloseActor     CloseActor
	OnCloseChat    OnCloseChat
	// OnReopen decides the answerer of a reopened conversation. B:C4.
	OnReopen OnReopen
	// ReopenWindow is for how long after a conversation was closed its contact's
	// words open it again; later they begin its successor. Zero is always. B:C4.
	ReopenWindow time.Duration
	// StickyOwner lets a hand-off to a team or to anyone prefer the former owner.
	// B:C4.
	StickyOwner bool
	// ContactMayClose lets contacts close their own conversations. B:C1.
	ContactMayClose bool
	// CloseIdleAfter is after how long without activity the system closes a chat;
	// zero is never. B:C6.
	CloseIdleAfter time.Duration
	SendPolicy     SendPolicy
	// Reclaim, ReclaimAfter and ReclaimLimit let the rules take back a conversation
	// whose owner does not answer the contact: of which kinds, after how long (zero is
	// never), and how often during one wait. B:R1.
	Reclaim      ReclaimScope
	ReclaimAfter time.Duration
	ReclaimLimit int
	// ReclaimOffline lets the rules take conversations from members who are OFFLINE
	// while the contact waits. B:R1.
	ReclaimOffline ReclaimOffline
	// PresenceGrace is how long a member may be without a live connection
	// before being OFFLINE. B:P1.
	PresenceGrace time.Duration
	// PresenceReturn is the time in which a member who reconnects gets back the
	// earlier availability. B:P1.
	PresenceReturn time.Duration
	Visibility     Visibility
	// LeftWaits is for how long members may claim a released conversation before
	// the rules assign it; zero leaves it to them. B:L1.
	LeftWaits time.Duration
	// ReasonsRequired are the usages for which people have to name a reason code.
	ReasonsRequired ReasonUsages
	// MatchContacts decides by which fields a contact is found. B:N3
	MatchContacts MatchContacts
}

// Method is how a member is chosen when no person is named.
type Method string

// The assignment methods. B:Q2 to B:Q5.
const (
	Balanced   Method = "BALANCED"
	Random     Method = "RANDOM"
	RoundRobin Method = "ROUND_ROBIN"
	Voluntary  Method = "VOLUNTARY"
)

// FeatureOfMethod returns the plan feature that a method needs; empty for none.
func FeatureOfMethod(m Method) Feature {
	switch m {
	case Random:
		return FeatureRandom
	case RoundRobin:
		return FeatureRoundRobin
	case Voluntary:
		return FeatureVoluntary
	case Balanced:
	}
	return ""
}

// The rules with a closed set of answers. The first value of each is the default.
type (
	// TeamTarget decides how a team named as target receives a conversation. B:A5.
	TeamTarget string
	// UnassignRule decides which members may unassign. B:A6.
	UnassignRule string
	// AIAfterUnassign decides whether the AI agent answers after an unassign. B:A6.
	AIAfterUnassign string
	// TransferToAway decides whether a member who is away may be a target. B:T4.
	TransferToAway string
	// TransferActor decides which members may transfer another's conversation.
	// B:T5.
	TransferActor string
	// TransferAcceptance is whether a transfer must be accepted. B:T6.
	TransferAcceptance string
	// OfferExhausted decides who has a conversation that nobody of a team accepted. B:T6.
	OfferExhausted string
	// TakeoverUnassigned decides how a takeover of an unassigned conversation ends.
	// B:K3.
	TakeoverUnassigned string
	// NotifyContact decides which changes of ownership the contact is notified of.
	// B:L1, B:L2.
	NotifyContact string
	// AIWhilePending is whether the AI answers while a person is awaited. B:H2.
	AIWhilePending string
	// AIWhenAssigned is whether the AI answers once a person owns. B:H3.
	AIWhenAssigned string
	// CloseActor decides which members may close. B:C1.
	CloseActor string
	// OnCloseChat decides the owner of a closed chat. B:C1.
	OnCloseChat string
	// OnReopen decides the answerer after a reopening. B:C4.
	OnReopen string
	// SendPolicy decides which members may send to the contact. B:S1.
	SendPolicy string
	// Visibility decides which members see conversations. B:Z8.
	Visibility string
	// ReclaimScope decides which kinds of conversation are taken back. B:R1.
	ReclaimScope string
	// ReclaimOffline decides when they are taken from members who are OFFLINE. B:R1.
	ReclaimOffline string
	// MatchContacts decides by which fields the contact of a new conversation is
	// found; workspaces from before the rule have none, which is MatchVerified.
	// B:N3.
	MatchContacts string
)

// The values of the rules.
const (
	TeamTargetMethod TeamTarget = "METHOD"
	TeamTargetPool   TeamTarget = "TEAM_POOL"

	UnassignByAssigneeOrManager UnassignRule = "ASSIGNEE_OR_MANAGER"
	UnassignByAssignee          UnassignRule = "ASSIGNEE_ONLY"
	UnassignByManager           UnassignRule = "MANAGERS_ONLY"
	UnassignByAnyone            UnassignRule = "ANY_MEMBER"

	AIStaysStopped AIAfterUnassign = "STAY_STOPPED"
	AIResumes      AIAfterUnassign = "RESUME"

	AllowAway TransferToAway = "ALLOW"
	DenyAway  TransferToAway = "DENY"

	TransferByAssignee TransferActor = "ASSIGNEE_ONLY"
	TransferByManagers TransferActor = "MANAGERS_DIRECT"
	TransferByAnyone   TransferActor = "ANY_MEMBER"

	TransferImmediate TransferAcceptance = "IMMEDIATE"
	TransferOffered   TransferAcceptance = "REQUIRE_ACCEPT"

	OfferReturnsToSender OfferExhausted = "RETURN_TO_SENDER"
	OfferToTeamQueue     OfferExhausted = "TEAM_QUEUE"

	TakeoverClaims  TakeoverUnassigned = "CLAIM"
	TakeoverRejects TakeoverUnassigned = "REJECT"

	NotifyOnLeaveAndReassign NotifyContact = "ON_LEAVE_AND_REASSIGN"
	NotifyOnLeave            NotifyContact = "ON_LEAVE"
	NotifyOnReassign         NotifyContact = "ON_REASSIGN"
	NotifyNever              NotifyContact = "NEVER"

	AIContinuesPending AIWhilePending = "CONTINUE"
	AIPausesPending    AIWhilePending = "PAUSE"

	AIStops        AIWhenAssigned = "STOP"
	AIStopsOnClaim AIWhenAssigned = "STOP_ONLY_ON_CLAIM"
	AIContinues    AIWhenAssigned = "CONTINUE"

	CloseByAssigneeOrManager CloseActor = "ASSIGNEE_OR_MANAGER"
	CloseByAssignee          CloseActor = "ASSIGNEE_ONLY"
	CloseByAnyone            CloseActor = "ANY_MEMBER"

	ReturnToOriginAI  OnCloseChat = "RETURN_TO_ORIGIN_AI"
	KeepAssignee      OnCloseChat = "KEEP_ASSIGNEE"
	UnassignWhenClose OnCloseChat = "UNASSIGN"

	ReopenWithOriginAI    OnReopen = "ORIGIN_AI"
	ReopenWithFormerOwner OnReopen = "FORMER_OWNER"
	ReopenByRoute         OnReopen = "ROUTE"

	SendOwnerIfOwned   SendPolicy = "OWNER_IF_OWNED"
	SendAssigneeAlways SendPolicy = "ASSIGNEE_ALWAYS"
	SendAnyone         SendPolicy = "ANYONE"

	VisibleScoped    Visibility = "SCOPED"
	VisibleExclusive Visibility = "EXCLUSIVE"
	VisibleOpen      Visibility = "OPEN"

	ReclaimChats           ReclaimScope = "CHATS"
	ReclaimChatsAndTickets ReclaimScope = "CHATS_AND_TICKETS"
	ReclaimNothing         ReclaimScope = "NEVER"

	ReclaimOfflineNever      ReclaimOffline = "NEVER"
	ReclaimOfflineOnInbound  ReclaimOffline = "ON_INBOUND"
	ReclaimOfflineAfterGrace ReclaimOffline = "AFTER_GRACE"

	MatchVerified   MatchContacts = "VERIFIED"
	MatchExternalID MatchContacts = "EXTERNAL_ID"
)

// MaxCap is the highest cap that can be set.
const MaxCap = 1_000

// MaxRuleDuration is the longest duration that a rule can be set to.
const MaxRuleDuration = 30 * 24 * time.Hour

// MaxReclaimLimit is the highest reclaimLimit that can be set.
const MaxReclaimLimit = 10

// MaxOfferTimeout is the longest offerTimeout that can be set, MaxOfferRounds the highest
// offerRounds.
const (
	MaxOfferTimeout = 24 * time.Hour
	MaxOfferRounds  = 10
)

// FeatureOfAcceptance is the plan feature that rule transferAcceptance needs; empty for
// IMMEDIATE.
func (r Rules) FeatureOfAcceptance() Feature {
	if r.TransferAcceptance == TransferOffered {
		return FeatureOffers
	}
	return ""
}

// Reclaims reports whether conversations of the kind are taken back when their owner
// does not answer. B:R1
func (r Rules) Reclaims(kind Kind) bool {
	return r.ReclaimAfter > 0 && (r.Reclaim == ReclaimChatsAndTickets || r.Reclaim == ReclaimChats && kind == Livechat)
}

// ReclaimsOffline reports whether conversations of the kind are taken from a member who
// is OFFLINE while the contact waits. B:R1
func (r Rules) ReclaimsOffline(kind Kind) bool {
	return r.ReclaimOffline != ReclaimOfflineNever && (kind == Livechat || r.Reclaim == ReclaimChatsAndTickets)
}

// Reclaiming is r with the rules of taking back alone, to compare by.
func (r Rules) Reclaiming() Rules {
	return Rules{Reclaim: r.Reclaim, ReclaimAfter: r.ReclaimAfter, ReclaimLimit: r.ReclaimLimit, ReclaimOffline: r.ReclaimOffline}
}

// FeatureOfReclaim is the plan feature that the rules of taking back need; empty while
// they are off.
func (r Rules) FeatureOfReclaim() Feature {
	if r.Reclaims(Livechat) || r.ReclaimsOffline(Livechat) {
		return FeatureReclaim
	}
	return ""
}

// DefaultRules are the rules of a new workspace.
func DefaultRules() Rules {
	return Rules{
		Method: Balanced, MaxAutoAssigned: 10,
		TeamTarget: TeamTargetMethod, Unassign: UnassignByAssigneeOrManager, AIAfterUnassign: AIStaysStopped,
		TransferToAway: AllowAway, TransferActor: TransferByAssignee,
		TransferAcceptance: TransferImmediate, OfferTimeout: time.Minute, OfferRounds: 3, OfferExhausted: OfferReturnsToSender,
		TakeoverUnassigned: TakeoverClaims, UndoWindow: 10 * time.Second,
		NotifyContact: NotifyOnLeaveAndReassign, AIWhilePending: AIContinuesPending, AIWhenAssigned: AIStops,
		CloseActor: CloseByAssigneeOrManager, OnCloseChat: ReturnToOriginAI, SendPolicy: SendOwnerIfOwned,
		PresenceGrace: time.Minute, PresenceReturn: 12 * time.Hour, Visibility: VisibleScoped, LeftWaits: time.Minute,
		OnReopen: ReopenWithOriginAI, StickyOwner: true, ContactMayClose: true,
		MatchContacts: MatchVerified, Reclaim: ReclaimChats, ReclaimOffline: ReclaimOfflineNever, ReclaimLimit: 1,
	}
}
