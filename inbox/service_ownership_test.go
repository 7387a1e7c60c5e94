package inbox_test

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
)

// B:T2, B:Z3
func TestPlanRefusals(t *testing.T) {
	d := newDesk(t)
	d.directory().Workspace.Plan = "free"
	r := d.begin(t, "chat: mine")
	_, err := d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, "")
	refusal := refused(t, err, inbox.PlanRequired)
	require.Equal(t, workspace.FeatureTransfer, refusal.Feature)
	require.Equal(t, workspace.PlanName("free"), refusal.CurrentPlan)
	require.Equal(t, workspace.PlanName("lite"), refusal.RequiredPlan)
	require.Contains(t, refusal.Message, "Lite")
	require.Zero(t, d.commits)

	// The plan is asked before the permission, the target and the version.
	r.ExpectedVersion = ptr(99)
	_, err = d.Desk.Transfer(t.Context(), asMember(observer), r, access.Owner{Member: "nobody"}, "")
	refused(t, err, inbox.PlanRequired)
	require.Equal(t, workspace.Plan{Name: "lite", Rank: 1, Label: "Lite"}, d.Callers.Plan("lite"))
	require.Equal(t, -1, d.Callers.Plan("gold").Rank)
}

// A feature that no plan has says so, with no plan to upgrade to.
func TestFeatureOfNoPlan(t *testing.T) {
	d := newDirectory()
	a, err := access.NewAccess(asMember(me), d, scopes{})
	require.NoError(t, err)
	c := states(me)["chat: mine"]
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
		"a member":              {access.Owner{Member: mate}, "", "", "", ""},
		"another team's member": {access.Owner{Member: stranger}, "", "", "", ""},
		"a manager":             {access.Owner{Member: manager}, "", "", "", ""},
		"a team":                {access.Owner{Team: sales}, "", "", "", ""},
		"me":                    {access.Owner{Member: me}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetSelf, "memberId"},
		"an AI agent":           {access.Owner{Agent: bot}, inbox.AssigneeNotHuman, inbox.TargetNotPermitted, inbox.TargetAIAgent, "memberId"},
		"no live agent":         {access.Owner{Member: observer}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotLiveAgent, "memberId"},
		"nobody of ours":        {access.Owner{Member: "foreign"}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
		"an agent as member":    {access.Owner{Member: workspace.MemberID(bot)}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
		"somebody removed":      {access.Owner{Member: "gone"}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
		"no team of ours":       {access.Owner{Team: "foreign"}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNoTeam, "teamId"},
		"nothing":               {access.Owner{}, inbox.TargetNotPermitted, inbox.TargetNotPermitted, inbox.TargetNotMember, "memberId"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.directory().Members["gone"] = workspace.Member{ID: "gone", Workspace: home, Roles: []workspace.RoleName{"agent"}, Removed: true}
			r := d.begin(t, "chat: mine")
			_, err := d.Desk.Transfer(t.Context(), asMember(me), r, c.to, "")
			require.Equal(t, c.transfer, inbox.CodeOf(err))
			if err != nil {
				refusal := refused(t, err, c.transfer)
				require.Equal(t, c.reason, refusal.Target)
				require.Equal(t, []string{"to", c.field}, refusal.Field)
				require.Zero(t, d.commits)
			}
			d = newDesk(t)
			d.begin(t, "chat: mine")
			_, err = d.Desk.Assign(t.Context(), asMember(me), r, c.to, "")
			require.Equal(t, c.assign, inbox.CodeOf(err))
			if c.to.Member == me {
				require.Equal(t, inbox.TargetCurrent, refused(t, err, inbox.TargetNotPermitted).Target)
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
		d := newDesk(t)
		d.member(mate, func(m *workspace.Member) { m.Availability = c.availability })
		d.rules(func(r *workspace.Rules) { r.TransferToAway = c.rule })
		r := d.begin(t, "chat: mine")
		r.Key = "k"
		out, err := d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, "look at this")
		if c.reason != "" {
			require.Equal(t, c.reason, refused(t, err, inbox.TargetNotPermitted).Target)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.warnings, out.Warnings)
		require.Equal(t, "look at this", out.Event.Note)
		again, err := d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, "look at this")
		require.NoError(t, err)
		require.Equal(t, c.warnings, again.Warnings, "a repeat warns as the first did")
	}
	// Assigning warns and is never refused. B:A1
	d := newDesk(t)
	d.rules(func(r *workspace.Rules) { r.TransferToAway = workspace.DenyAway })
	d.member(mate, func(m *workspace.Member) { m.Availability = workspace.Away })
	out, err := d.Desk.Assign(t.Context(), asMember(me), d.begin(t, "chat: AI answers"), access.Owner{Member: mate}, "a note")
	require.NoError(t, err)
	require.Equal(t, []inbox.Warning{inbox.WarnTargetAway}, out.Warnings)
	require.Equal(t, "a note", out.Event.Note)
}

// B:A5, B:T3, B:Q5, B:Q7, B:Q11
func TestTeamTarget(t *testing.T) {
	for name, c := range map[string]struct {
		state    string
		setUp    func(d *deskWorld)
		assignee workspace.MemberID
		warnings []inbox.Warning
	}{
		"the least busy of the team":     {"chat: AI answers", func(d *deskWorld) { d.busy(me, 1); d.busy(senior, 1); d.busy(manager, 1) }, mate, nil},
		"not who has it now":             {"chat: mine", func(d *deskWorld) { d.busy(mate, 5); d.busy(manager, 6); d.busy(senior, 4) }, senior, nil},
		"the team's own method":          {"chat: AI answers", func(d *deskWorld) { d.team(func(t *workspace.Team) { t.Method = workspace.Voluntary }) }, "", nil},
		"members claim for themselves":   {"chat: AI answers", func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary }) }, "", nil},
		"the rule leaves it to the team": {"chat: AI answers", func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool }) }, "", nil},
		"nobody is online":               {"chat: AI answers", func(d *deskWorld) { d.alone(stranger) }, "", []inbox.Warning{inbox.WarnTeamAbsent}},
		"everybody is at the cap":        {"chat: AI answers", func(d *deskWorld) { d.alone(me); d.busy(me, 10) }, "", []inbox.Warning{inbox.WarnTeamFull}},
		"one below the cap":              {"chat: AI answers", func(d *deskWorld) { d.alone(me); d.busy(me, 9) }, me, nil},
		"the team's cap": {"chat: AI answers", func(d *deskWorld) {
			d.alone(me)
			d.busy(me, 9)
			d.team(func(t *workspace.Team) { t.MaxAutoAssigned = ptr(9) })
		}, "", []inbox.Warning{inbox.WarnTeamFull}},
		"the member's cap": {"chat: AI answers", func(d *deskWorld) {
			d.alone(me)
			d.busy(me, 10)
			d.member(me, func(m *workspace.Member) { m.MaxAutoAssigned = ptr(11) })
		}, me, nil},
		"the plan lost the method": {"chat: AI answers", func(d *deskWorld) {
			d.alone(me)
			d.directory().Workspace.Plan = "lite"
			d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
		}, me, []inbox.Warning{inbox.WarnMethodAbovePlan}},
		"tickets wait": {"ticket: mine", func(*deskWorld) {}, "", nil},
		"tickets go by the rules": {"ticket: mine", func(d *deskWorld) {
			d.alone(me, mate)
			d.rules(func(r *workspace.Rules) { r.AutoAssignTickets = true })
		}, mate, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.begin(t, c.state)
			c.setUp(d)
			out, err := d.Desk.Assign(t.Context(), asMember(me), r, access.Owner{Team: billing}, "")
			require.NoError(t, err)
			require.Equal(t, c.assignee, out.Conversation.Assignee)
			require.Equal(t, billing, out.Conversation.Team)
			require.Equal(t, c.assignee == "", out.Conversation.Waiting())
			require.Equal(t, c.assignee != "", out.Conversation.Automatic)
			require.Equal(t, c.warnings, out.Warnings)
			if c.assignee != "" {
				require.Equal(t, start(), d.loads[c.assignee].LastAutoAssigned)
			}
		})
	}
}

func (d *deskWorld) directory() *workspace.Directory { return d.world.directory }

func (d *deskWorld) team(edit func(*workspace.Team)) {
	team := d.directory().Teams[billing]
	edit(&team)
	d.directory().Teams[billing] = team
}

// B:T3
func TestTransferToATeam(t *testing.T) {
	d := newDesk(t)
	out, err := d.Desk.Transfer(t.Context(), asMember(me), d.begin(t, "chat: mine"), access.Owner{Team: sales}, "for sales")
	require.NoError(t, err)
	require.Equal(t, stranger, out.Conversation.Assignee)
	require.Equal(t, sales, out.Conversation.Team)
	require.Equal(t, inbox.EventTransferred, out.Event.Kind)
	require.True(t, out.Conversation.Automatic)
	require.Equal(t, 0, d.loads[me].Open())
	require.Equal(t, 1, d.loads[stranger].Open())
}

// Who was found at the cap by the commit is left out, and the next one is
// chosen; a named member is never bounded. B:Q6, B:Q10
func TestAtTheCap(t *testing.T) {
	d := newDesk(t)
	d.alone(me, mate)
	d.busy(mate, 2)
	d.meanwhile = func() { d.busy(me, 10) }
	out, err := d.Desk.RequestHandoff(t.Context(), asAgent(bot), d.begin(t, "chat: AI answers"), desk.HandoffTarget{Team: billing})
	require.NoError(t, err)
	require.Equal(t, mate, out.Conversation.Assignee, "me had less to do, and was at the cap meanwhile")
	require.Equal(t, 2, d.commits)

	d = newDesk(t)
	d.alone(me)
	d.meanwhile = func() { d.busy(me, 10) }
	out, err = d.Desk.RequestHandoff(t.Context(), asAgent(bot), d.begin(t, "chat: AI answers"), desk.HandoffTarget{Team: billing})
	require.NoError(t, err)
	require.True(t, out.Conversation.Waiting(), "nobody is left")

	d = newDesk(t)
	d.refuse = slices.Repeat([]error{commit.ErrAtCap}, 6)
	out, err = d.Desk.RequestHandoff(t.Context(), asAgent(bot), d.begin(t, "chat: AI answers"), desk.HandoffTarget{Team: billing})
	require.NoError(t, err)
	require.True(t, out.Conversation.Waiting(), "who loses every choice waits, and is found in the queue")

	for name, do := range map[string]func(d *deskWorld) (desk.Outcome, error){
		"assign": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), asMember(manager), d.begin(t, "chat: AI answers"), access.Owner{Member: me}, "")
		},
		"transfer": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), asMember(mate), d.begin(t, "chat: a teammate's"), access.Owner{Member: me}, "")
		},
		"claim": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.Claim(t.Context(), asMember(me), d.begin(t, "chat: AI answers"))
		},
		"take over": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.TakeOver(t.Context(), asMember(me), d.begin(t, "chat: a teammate's"), nil, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.busy(me, 50)
			out, err := do(d)
			require.NoError(t, err)
			require.Equal(t, me, out.Conversation.Assignee)
			require.Equal(t, 51, d.loads[me].Open(), "it counts as load")
			require.False(t, out.Conversation.Automatic)
			require.Zero(t, d.loads[me].LastAutoAssigned)
		})
	}
}

// B:K2
func TestTakeOverAndSend(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: a teammate's")
	for _, body := range []string{"", "  \n", long(inbox.MaxMessage + 1), "\xff"} {
		_, err := d.Desk.TakeOver(t.Context(), asMember(me), r, &body, "")
		require.Equal(t, []string{"message"}, refused(t, err, inbox.InvalidInput).Field)
	}
	d.refuse = []error{errors.New("the disk is gone")}
	_, err := d.Desk.TakeOver(t.Context(), asMember(me), r, ptr("I am here"), "")
	require.Error(t, err)
	require.Empty(t, d.recorded(), "both or neither")
	require.Equal(t, mate, d.stored(t, "c").Assignee)

	d.commits = 0
	out, err := d.Desk.TakeOver(t.Context(), asMember(me), r, ptr("I am here"), "angry contact")
	require.NoError(t, err)
	require.Equal(t, 1, d.commits, "ownership and message in one transaction")
	require.Equal(t, "angry contact", out.Event.Reason)
	require.Equal(t, []string{"Mia is now in the conversation.", "I am here"}, bodies(out.Event.Messages))
	require.Equal(t, workspace.System(), out.Event.Messages[0].Author)
	require.Equal(t, asMember(me).Actor, out.Event.Messages[1].Author)
	require.NotEqual(t, out.Event.Messages[0].ID, out.Event.Messages[1].ID)
	require.Equal(t, out.Event.Messages[1], *d.stored(t, "c").LastMessage)

	_, err = d.Messages.Send(t.Context(), asMember(mate), desk.SendRequest{Conversation: "c", Body: "but I"})
	require.Equal(t, me, refused(t, err, inbox.TakeoverRequired).Current.Assignee, "the previous owner lost the right at that instant")
}

func bodies(messages []inbox.Message) (out []string) {
	for _, m := range messages {
		out = append(out, m.Body)
	}
	return out
}

// Who may take over and not reply would own what nobody may then answer. B:K1, B:K2
func TestTakeOverNeedsReply(t *testing.T) {
	d := newDesk(t)
	d.directory().Workspace.CustomRoles = []workspace.CustomRole{{Name: "silent", Permissions: []workspace.Permission{
		{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}, {Kind: workspace.Livechat, Action: workspace.PermTakeover, Scope: workspace.ScopeAll},
	}}}
	d.member(me, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"silent"} })
	r := d.begin(t, "chat: a teammate's")
	for _, message := range []*string{ptr("psst"), nil} {
		_, err := d.Desk.TakeOver(t.Context(), asMember(me), r, message, "")
		require.Equal(t, "reply:livechat:OWN", refused(t, err, inbox.PermissionDenied).Permission)
	}
	require.Zero(t, d.commits)
}

func TestTextsAreBounded(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	_, err := d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, long(inbox.MaxNote+1))
	require.Equal(t, []string{"note"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Desk.Assign(t.Context(), asMember(me), r, access.Owner{Member: mate}, long(inbox.MaxNote+1))
	require.Equal(t, []string{"note"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Desk.TakeOver(t.Context(), asMember(senior), r, nil, long(inbox.MaxNote+1))
	require.Equal(t, []string{"reason"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, long(inbox.MaxNote))
	require.NoError(t, err, "characters are counted, not bytes")
}

// B:L1, B:L2
func TestLeaveTellsTheContactOnce(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	out, err := d.Desk.Leave(t.Context(), asMember(me), r)
	require.NoError(t, err)
	require.Equal(t, inbox.ReasonLeft, out.Event.Reason)
	require.Equal(t, []string{"Mia has left the conversation."}, bodies(out.Event.Messages))
	out, err = d.Desk.Claim(t.Context(), asMember(mate), r)
	require.NoError(t, err)
	require.Equal(t, []string{"Max is now in the conversation."}, bodies(out.Event.Messages))
	out, err = d.Desk.Unassign(t.Context(), asMember(mate), r)
	require.NoError(t, err)
	require.Empty(t, out.Event.Messages)
}

// B:C3
func TestSetStatus(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "ticket: mine")
	_, err := d.Desk.SetStatus(t.Context(), asMember(me), r, inbox.Open)
	require.Equal(t, []string{"status"}, refused(t, err, inbox.InvalidInput).Field)
	out, err := d.Desk.SetStatus(t.Context(), asMember(me), r, inbox.Closed)
	require.NoError(t, err)
	require.Equal(t, me, out.Conversation.Assignee) // B:C2
	require.Equal(t, 0, d.loads[me].Open(), "closing frees a slot")
	out, err = d.Desk.SetStatus(t.Context(), asMember(me), r, inbox.Open)
	require.NoError(t, err)
	require.Equal(t, inbox.EventReopened, out.Event.Kind)
	require.Equal(t, me, out.Conversation.Assignee)
	require.Equal(t, 1, d.loads[me].Tickets)
	_, err = d.Desk.SetStatus(t.Context(), asMember(observer), r, inbox.Unset)
	require.Equal(t, "close:ticket:TEAM", refused(t, err, inbox.PermissionDenied).Permission)
}
