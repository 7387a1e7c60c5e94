package blackbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Two servers on one database are as one.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	uri := database(t)
	one := demo(t, "--mongodb-uri", uri)
	two := demo(t, "--mongodb-uri", uri)
	here, there := one.desk(t, "demo"), two.desk(t, "demo")
	require.Equal(t, 200, there.observer.total(), "the demo was played twice")
	require.Equal(t, here.manager.me(), two.with(t, here.manager.token).me(), "a token of one server is good on the other")

	t.Run("a change on one is heard on the other", func(t *testing.T) {
		here, there := one.desk(t, "demo"), two.desk(t, "demo")
		id := here.owned(here.agent1)
		dashboard := there.observer.followEvents(here)
		updates := there.agent2.followUpdates(id, here.owner)
		done := here.manager.must("takeOverConversation", object{"conversationId": id, "message": "From the other server"})
		require.Equal(t, here.manager.me(), at(t, dashboard.event(str(t, done, "event.id")), "node.to.assignee.id"))
		updates.item("the message", func(item object) bool {
			return item["message"] != nil && str(t, item, "message.body") == "From the other server"
		})
		_, refusal := there.agent1.verb("sendMessage", object{"conversationId": id, "body": "I am still here"})
		require.Equal(t, "TAKEOVER_REQUIRED", refusal["code"])
	})

	// B:K4
	t.Run("a race has one winner", func(t *testing.T) {
		here, there := one.desk(t, "demo"), two.desk(t, "demo")
		for range 8 {
			id := here.owned(here.agent1)
			takeOverAtOnce(t, id, number(t, here.owner.read(id), "version"), here.manager, there.owner)
		}
		for range 4 {
			id, _ := here.chat()
			won, refusal := race(t, here.agent1, there.agent2, "claimConversation", object{"conversationId": id})
			require.Equal(t, "AlreadyAssignedError", refusal["__typename"])
			require.Equal(t, won.me(), at(t, refusal, "assignee.id"))
		}
	})

	// B:Z6
	t.Run("a rule of one holds on the other", func(t *testing.T) {
		here, there := one.desk(t, "demo"), two.desk(t, "demo")
		for _, rule := range []string{"KEEP_ASSIGNEE", "RETURN_TO_ORIGIN_AI"} {
			here.owner.must("updateWorkspaceRules", object{"onCloseChat": rule})
			eventually(t, rule+" reaches the other server", func() bool {
				id := there.owned(there.agent1)
				closed := there.agent1.must("setConversationStatus", object{"conversationId": id, "status": "CLOSED"})
				kept := at(t, closed, "conversation.assignee") != nil
				return kept == (rule == "KEEP_ASSIGNEE")
			})
		}
	})

	// B:V3
	t.Run("who comes back to the other server misses nothing", func(t *testing.T) {
		here, there := one.desk(t, "demo"), two.desk(t, "demo")
		first := here.observer.followEvents(here)
		id := here.owned(here.agent1)
		done := here.manager.must("takeOverConversation", object{"conversationId": id})
		seen := str(t, first.event(str(t, done, "event.id")), "cursor")
		var missed []string
		for _, status := range []string{"UNSET", "OPEN", "CLOSED"} {
			payload := here.manager.must("setConversationStatus", object{"conversationId": id, "status": status})
			missed = append(missed, str(t, payload, "event.id"))
		}
		again := there.observer.connect().subscribe(eventsQuery, object{"after": seen})
		last := again.event(missed[2])
		require.Equal(t, missed, again.eventIDs(id))
		require.Equal(t, false, again.items()[0]["gap"])
		final := there.observer.connect().subscribe(eventsQuery, object{"after": str(t, last, "cursor")})
		opened := there.manager.must("setConversationStatus", object{"conversationId": id, "status": "OPEN"})
		final.event(str(t, opened, "event.id"))
		require.Equal(t, []string{str(t, opened, "event.id")}, final.eventIDs(id), "nothing is told again")
	})

	t.Run("one goes away, the other goes on", func(t *testing.T) {
		here, there := one.desk(t, "demo"), two.desk(t, "demo")
		dashboard := there.observer.followEvents(there)
		id := here.owned(here.agent1)
		one.terminate()
		done := there.manager.must("takeOverConversation", object{"conversationId": id})
		dashboard.event(str(t, done, "event.id"))
	})
}
