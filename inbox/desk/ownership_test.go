package desk_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:T2, B:Z3
func TestPlanRefusals(t *testing.T) {
	d := world.New(t)
	d.Roster.Workspace.Plan = "free"
	r := d.Begin(t, "chat: mine")
	_, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "")
	refusal := world.Refused(t, err, inbox.PlanRequired)
	require.Equal(t, workspace.FeatureTransfer, refusal.Feature)
	require.Equal(t, workspace.PlanName("free"), refusal.CurrentPlan)
	require.Equal(t, workspace.PlanName("lite"), refusal.RequiredPlan)
	require.Contains(t, refusal.Message, "Lite")
	require.Zero(t, d.Commits)

	// The plan is asked before the permission, the target and the version.
	r.ExpectedVersion = world.Ptr(99)
	_, err = d.Desk.Transfer(t.Context(), world.AsMember(world.Observer), r, access.Owner{Member: "nobody"}, "")
	world.Refused(t, err, inbox.PlanRequired)
	require.Equal(t, workspace.Plan{Name: "lite", Rank: 1, Label: "Lite"}, d.Callers.Plan("lite"))
	require.Equal(t, -1, d.Callers.Plan("gold").Rank)
}

// A feature that no plan has says so, with no plan to upgrade to.
func TestFeatureOfNoPlan(t *testing.T) {
	d := world.NewDirectory()
	a, err := access.NewAccess(world.AsMember(world.Me), d, world.Scopes{})
	require.NoError(t, err)
	c := world.States(world.Me)["chat: mine"]
	v := a.Can(c, inbox.ActionTransfer)
	require.Equal(t, inbox.PlanRequired, v.Code)
	require.Contains(t, a.Refusal(c, v).Error(), "top")
	v.RequiredPlan = ""
	require.Contains(t, a.Refusal(c, v).Error(), "No plan includes transfer")
}

// B:A1, B:A3, B:T1, B:T2, B:T4
func TestTargets(t *testing.T) {
	for name, c := range map[string]struct {
		to       access.Owner
		assign   inbox.Code
		transfer inbox.Code
		reason   inbox.TargetReason
		field    string
	}{
		"a member":              {access.Owner{Member: world.Mate}, "", "", "", ""},
		"another team's member": {access.Owner{Member: world.Stranger}, "", "", "", ""},
		"a manager":             {access.Owner{Member: world.Manager}, "", "", "", ""},
		"a team":                {access.Owner{Team: world.Sales}, "", "", "", ""},
		"me":                    {access.Owner{Member: world.Me}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetSelf, "memberId"},
		"an AI agent":           {access.Owner{Agent: world.Bot}, inbox.AssigneeNotHuman, inbox.TargetNotPermitted, inbox.TargetAIAgent, "memberId"},
		"no live agent":         {access.Owner{Member: world.Observer}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotLiveAgent, "memberId"},
		"nobody of ours":        {access.Owner{Member: "foreign"}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
		"an agent as member":    {access.Owner{Member: workspace.MemberID(world.Bot)}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
		"somebody removed":      {access.Owner{Member: "gone"}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
		"no team of ours":       {access.Owner{Team: "foreign"}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNoTeam, "teamId"},
		"nothing":               {access.Owner{}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Roster.Members["gone"] = workspace.Member{ID: "gone", Workspace: world.Home, Roles: []workspace.RoleName{"agent"}, Removed: true}
			r := d.Begin(t, "chat: mine")
			_, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, c.to, "")
			require.Equal(t, c.transfer, inbox.CodeOf(err))
			if err != nil {
				refusal := world.Refused(t, err, c.transfer)
				require.Equal(t, c.reason, refusal.Target)
				require.Equal(t, []string{"to", c.field}, refusal.Field)
				require.Zero(t, d.Commits)
			}
			d = world.New(t)
			d.Begin(t, "chat: mine")
			_, err = d.Desk.Assign(t.Context(), world.AsMember(world.Me), r, c.to, "")
			require.Equal(t, c.assign, inbox.CodeOf(err))
			if c.to.Member == world.Me {
				require.Equal(t, inbox.TargetCurrent, world.Refused(t, err, inbox.TargetNotPermitted).Target)
			}
		})
	}
}

// B:T4
func TestTransferToWhoIsAway(t *testing.T) {
	for _, c := range []struct {
		availability workspace.Availability
		rule         workspace.TransferToAway
		warnings     []inbox.Warning
		reason       inbox.TargetReason
	}{
		{workspace.Online, workspace.AllowAway, nil, ""},
		{workspace.Away, workspace.AllowAway, []inbox.Warning{inbox.WarnTargetAway}, ""},
		{workspace.Offline, workspace.AllowAway, []inbox.Warning{inbox.WarnTargetOffline}, ""},
		{workspace.Online, workspace.DenyAway, nil, ""},
		{workspace.Away, workspace.DenyAway, nil, inbox.TargetAway},
		{workspace.Offline, workspace.DenyAway, nil, inbox.TargetOffline},
	} {
		d := world.New(t)
		d.Member(world.Mate, func(m *workspace.Member) { m.Availability = c.availability })
		d.Rules(func(r *workspace.Rules) { r.TransferToAway = c.rule })
		r := d.Begin(t, "chat: mine")
		r.Key = "k"
		out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "look at this")
		if c.reason != "" {
			require.Equal(t, c.reason, world.Refused(t, err, inbox.TargetNotPermitted).Target)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.warnings, out.Warnings)
		require.Equal(t, "look at this", out.Event.Note)
		again, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "look at this")
		require.NoError(t, err)
		require.Equal(t, c.warnings, again.Warnings, "a repeat warns as the first did")
	}
	// Assigning warns and is never refused. B:A1
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.TransferToAway = workspace.DenyAway })
	d.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Away })
	out, err := d.Desk.Assign(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: AI answers"), access.Owner{Member: world.Mate}, "a note")
	require.NoError(t, err)
	require.Equal(t, []inbox.Warning{inbox.WarnTargetAway}, out.Warnings)
	require.Equal(t, "a note", out.Event.Note)
}

// B:A5, B:T3, B:Q5, B:Q7, B:Q11
func TestTeamTarget(t *testing.T) {
	for name, c := range map[string]struct {
		state    string
		setUp    func(d *world.Inbox)
		assignee workspace.MemberID
		warnings []inbox.Warning
	}{
		"the least busy of the team":     {"chat: AI answers", func(d *world.Inbox) { d.Busy(world.Me, 1); d.Busy(world.Senior, 1); d.Busy(world.Manager, 1) }, world.Mate, nil},
		"not who has it now":             {"chat: mine", func(d *world.Inbox) { d.Busy(world.Mate, 5); d.Busy(world.Manager, 6); d.Busy(world.Senior, 4) }, world.Senior, nil},
		"the team's own method":          {"chat: AI answers", func(d *world.Inbox) { editBilling(d, func(t *workspace.Team) { t.Method = workspace.Voluntary }) }, "", nil},
		"members claim for themselves":   {"chat: AI answers", func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary }) }, "", nil},
		"the rule leaves it to the team": {"chat: AI answers", func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool }) }, "", nil},
		"nobody is online":               {"chat: AI answers", func(d *world.Inbox) { d.Alone(world.Stranger) }, "", []inbox.Warning{inbox.WarnTeamAbsent}},
		"everybody is at the cap":        {"chat: AI answers", func(d *world.Inbox) { d.Alone(world.Me); d.Busy(world.Me, 10) }, "", []inbox.Warning{inbox.WarnTeamFull}},
		"one below the cap":              {"chat: AI answers", func(d *world.Inbox) { d.Alone(world.Me); d.Busy(world.Me, 9) }, world.Me, nil},
		"the team's cap": {"chat: AI answers", func(d *world.Inbox) {
			d.Alone(world.Me)
			d.Busy(world.Me, 9)
			editBilling(d, func(t *workspace.Team) { t.MaxAutoAssigned = world.Ptr(9) })
		}, "", []inbox.Warning{inbox.WarnTeamFull}},
		"the member's cap": {"chat: AI answers", func(d *world.Inbox) {
			d.Alone(world.Me)
			d.Busy(world.Me, 10)
			d.Member(world.Me, func(m *workspace.Member) { m.MaxAutoAssigned = world.Ptr(11) })
		}, world.Me, nil},
		"the plan lost the method": {"chat: AI answers", func(d *world.Inbox) {
			d.Alone(world.Me)
			d.Roster.Workspace.Plan = "lite"
			d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
		}, world.Me, []inbox.Warning{inbox.WarnMethodAbovePlan}},
		"tickets wait": {"ticket: mine", func(*world.Inbox) {}, "", nil},
		"tickets go by the rules": {"ticket: mine", func(d *world.Inbox) {
			d.Alone(world.Me, world.Mate)
			d.Rules(func(r *workspace.Rules) { r.AutoAssignTickets = true })
		}, world.Mate, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			r := d.Begin(t, c.state)
			c.setUp(d)
			out, err := d.Desk.Assign(t.Context(), world.AsMember(world.Me), r, access.Owner{Team: world.Billing}, "")
			require.NoError(t, err)
			require.Equal(t, c.assignee, out.Conversation.Assignee)
			require.Equal(t, world.Billing, out.Conversation.Team)
			require.Equal(t, c.assignee == "", out.Conversation.Waiting())
			require.Equal(t, c.assignee != "", out.Conversation.Automatic)
			require.Equal(t, c.warnings, out.Warnings)
			if c.assignee != "" {
				require.Equal(t, world.Start(), d.Counts[c.assignee].LastAutoAssigned)
			}
		})
	}
}

func editBilling(d *world.Inbox, edit func(*workspace.Team)) {
	team := d.Roster.Teams[world.Billing]
	edit(&team)
	d.Roster.Teams[world.Billing] = team
}

// B:T3
func TestTransferToATeam(t *testing.T) {
	d := world.New(t)
	out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Team: world.Sales}, "for sales")
	require.NoError(t, err)
	require.Equal(t, world.Stranger, out.Conversation.Assignee)
	require.Equal(t, world.Sales, out.Conversation.Team)
	require.Equal(t, inbox.EventTransferred, out.Event.Kind)
	require.True(t, out.Conversation.Automatic)
	require.Equal(t, 0, d.Counts[world.Me].Open())
	require.Equal(t, 1, d.Counts[world.Stranger].Open())
}

// Who was found at the cap by the commit is left out, and the next one is
// chosen; a named member is never bounded. B:Q6, B:Q10
func TestAtTheCap(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me, world.Mate)
	d.Busy(world.Mate, 2)
	d.Meanwhile = func() { d.Busy(world.Me, 10) }
	out, err := d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), d.Begin(t, "chat: AI answers"), desk.HandoffTarget{Team: world.Billing})
	require.NoError(t, err)
	require.Equal(t, world.Mate, out.Conversation.Assignee, "me had less to do, and was at the cap meanwhile")
	require.Equal(t, 2, d.Commits)

	d = world.New(t)
	d.Alone(world.Me)
	d.Meanwhile = func() { d.Busy(world.Me, 10) }
	out, err = d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), d.Begin(t, "chat: AI answers"), desk.HandoffTarget{Team: world.Billing})
	require.NoError(t, err)
	require.True(t, out.Conversation.Waiting(), "nobody is left")

	d = world.New(t)
	d.Refuse = slices.Repeat([]error{commit.ErrAtCap}, 6)
	out, err = d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), d.Begin(t, "chat: AI answers"), desk.HandoffTarget{Team: world.Billing})
	require.NoError(t, err)
	require.True(t, out.Conversation.Waiting(), "who loses every choice waits, and is found in the queue")

	for name, do := range map[string]func(d *world.Inbox) (desk.Outcome, error){
		"assign": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), world.AsMember(world.Manager), d.Begin(t, "chat: AI answers"), access.Owner{Member: world.Me}, "")
		},
		"transfer": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), world.AsMember(world.Mate), d.Begin(t, "chat: a teammate's"), access.Owner{Member: world.Me}, "")
		},
		"claim": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.Claim(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: AI answers"))
		},
		"take over": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: a teammate's"), nil, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Busy(world.Me, 50)
			out, err := do(d)
			require.NoError(t, err)
			require.Equal(t, world.Me, out.Conversation.Assignee)
			require.Equal(t, 51, d.Counts[world.Me].Open(), "it counts as load")
			require.False(t, out.Conversation.Automatic)
			require.Zero(t, d.Counts[world.Me].LastAutoAssigned)
		})
	}
}

// B:K2
func TestTakeOverAndSend(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: a teammate's")
	for _, body := range []string{"", "  \n", world.Long(inbox.MaxMessage + 1), "\xff"} {
		_, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, &body, "")
		require.Equal(t, []string{"message"}, world.Refused(t, err, inbox.InvalidInput).Field)
	}
	d.Refuse = []error{errors.New("the disk is gone")}
	_, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, world.Ptr("I am here"), "")
	require.Error(t, err)
	require.Empty(t, d.Recorded(), "both or neither")
	require.Equal(t, world.Mate, d.Stored(t, "c").Assignee)

	d.Commits = 0
	out, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, world.Ptr("I am here"), "angry contact")
	require.NoError(t, err)
	require.Equal(t, 1, d.Commits, "ownership and message in one transaction")
	require.Equal(t, "angry contact", out.Event.Reason)
	require.Equal(t, []string{"Mia is now in the conversation.", "I am here"}, bodies(out.Event.Messages))
	require.Equal(t, workspace.System(), out.Event.Messages[0].Author)
	require.Equal(t, world.AsMember(world.Me).Actor, out.Event.Messages[1].Author)
	require.NotEqual(t, out.Event.Messages[0].ID, out.Event.Messages[1].ID)
	require.Equal(t, out.Event.Messages[1], *d.Stored(t, "c").LastMessage)

	_, err = d.Messages.Send(t.Context(), world.AsMember(world.Mate), desk.SendRequest{Conversation: "c", Body: "but I"})
	require.Equal(t, world.Me, world.Refused(t, err, inbox.TakeoverRequired).Current.Assignee, "the previous owner lost the right at that instant")
}

func bodies(messages []inbox.Message) (out []string) {
	for _, m := range messages {
		out = append(out, m.Body)
	}
	return out
}

// Who may take over and not reply would own what nobody may then answer. B:K1, B:K2
func TestTakeOverNeedsReply(t *testing.T) {
	d := world.New(t)
	d.Roster.Workspace.CustomRoles = []workspace.CustomRole{{Name: "silent", Permissions: []workspace.Permission{
		{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}, {Kind: workspace.Livechat, Action: workspace.PermTakeover, Scope: workspace.ScopeAll},
	}}}
	d.Member(world.Me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"silent"} })
	r := d.Begin(t, "chat: a teammate's")
	for _, message := range []*string{world.Ptr("psst"), nil} {
		_, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, message, "")
		require.Equal(t, "reply:livechat:OWN", world.Refused(t, err, inbox.PermissionDenied).Permission)
	}
	require.Zero(t, d.Commits)
}

func TestTextsAreBounded(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	_, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, world.Long(inbox.MaxNote+1))
	require.Equal(t, []string{"note"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Desk.Assign(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, world.Long(inbox.MaxNote+1))
	require.Equal(t, []string{"note"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Desk.TakeOver(t.Context(), world.AsMember(world.Senior), r, nil, world.Long(inbox.MaxNote+1))
	require.Equal(t, []string{"reason"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, world.Long(inbox.MaxNote))
	require.NoError(t, err, "characters are counted, not bytes")
}

// B:L1, B:L2
func TestLeaveTellsTheContactOnce(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	out, err := d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	require.Equal(t, inbox.ReasonLeft, out.Event.Reason)
	require.Equal(t, []string{"Mia has left the conversation."}, bodies(out.Event.Messages))
	out, err = d.Desk.Claim(t.Context(), world.AsMember(world.Mate), r)
	require.NoError(t, err)
	require.Equal(t, []string{"Max is now in the conversation."}, bodies(out.Event.Messages))
	out, err = d.Desk.Unassign(t.Context(), world.AsMember(world.Mate), r)
	require.NoError(t, err)
	require.Empty(t, out.Event.Messages)
}

// B:C3
func TestSetStatus(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "ticket: mine")
	_, err := d.Desk.SetStatus(t.Context(), world.AsMember(world.Me), r, inbox.Open)
	require.Equal(t, []string{"status"}, world.Refused(t, err, inbox.InvalidInput).Field)
	out, err := d.Desk.SetStatus(t.Context(), world.AsMember(world.Me), r, inbox.Closed)
	require.NoError(t, err)
	require.Equal(t, world.Me, out.Conversation.Assignee) // B:C2
	require.Equal(t, 0, d.Counts[world.Me].Open(), "closing frees a slot")
	out, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Me), r, inbox.Open)
	require.NoError(t, err)
	require.Equal(t, inbox.EventReopened, out.Event.Kind)
	require.Equal(t, world.Me, out.Conversation.Assignee)
	require.Equal(t, 1, d.Counts[world.Me].Tickets)
	_, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Observer), r, inbox.Unset)
	require.Equal(t, "close:ticket:TEAM", world.Refused(t, err, inbox.PermissionDenied).Permission)
}
