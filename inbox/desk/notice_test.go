package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// The contact is told of whoever answers from now on, by whatever change, unless
// that is the person whom the contact was told of last. B:L2
func TestTheContactIsToldOfEachNewOwner(t *testing.T) {
	name := func(m workspace.MemberID) string { return string(m) }
	of := func(p inbox.Principal) inbox.Command {
		return inbox.Command{By: p.Actor, At: world.Start(), Rules: workspace.DefaultRules()}
	}
	by := func(who workspace.MemberID) inbox.Command { return of(world.AsMember(who)) }
	c, told := world.States(world.Me)["chat: AI answers"], []string{}
	step := func(m inbox.Move) inbox.Event {
		body, introduced := desk.Notice(m, workspace.DefaultRules(), name)
		m.After.Introduced = introduced
		c = m.After
		told = append(told, body)
		return m.Event
	}
	step(inbox.HandOff(c, "", "", true, of(world.AsAgent(world.Bot))))
	step(inbox.Claim(c, by(world.Me)))                                                                         // a hand-off is claimed
	passed := step(inbox.Transfer(c, world.Mate, by(world.Me)))                                                // and passed on
	step(inbox.Undo(c, passed, by(world.Me)))                                                                  // which is taken back
	step(inbox.TransferToTeam(c, world.Sales, "", by(world.Me)))                                               // into a queue: nobody new yet
	step(inbox.Claim(c, by(world.Me)))                                                                         // by who was told of last
	step(inbox.Unassign(c, by(world.Me)))                                                                      // nobody new
	step(inbox.Assign(c, world.Stranger, by(world.Manager)))                                                   // assigned to somebody else
	step(inbox.Leave(c, by(world.Stranger)))                                                                   // who leaves
	step(inbox.Claim(c, by(world.Stranger)))                                                                   // and comes back
	step(inbox.Close(c, by(world.Stranger)))                                                                   // closed
	step(inbox.Reopen(c, inbox.Answerer{Member: world.Mate, Automatic: true}, inbox.Open, by(world.Stranger))) // and reopened for another
	require.Equal(t, []string{
		"", "me is now in the conversation.", "mate is now in the conversation.", "me is now in the conversation.", "", "", "",
		"stranger is now in the conversation.", "stranger has left the conversation.", "stranger is now in the conversation.", "",
		"mate is now in the conversation.",
	}, told)
}
