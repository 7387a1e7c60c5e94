package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// What ordinary clients need at once fits the defaults.
func TestOrdinaryClientsFitTheDefaults(t *testing.T) {
	set := runTest(t, deps{}, nil, "serve", "--memory").served
	classes, sockets := set.classes(memory{}), set.sockets(nil)
	const (
		perTab   = 8   // subscriptions of a board
		perBoard = 20  // tabs of a board
		harness  = 500 // subscriptions, each on a socket of its own
		windows  = 4   // of a visitor
	)
	member, contact := classes[string(workspace.ActorMember)], classes[string(workspace.ActorContact)]
	require.GreaterOrEqual(t, member.Subscriptions, harness+perTab*perBoard)
	require.GreaterOrEqual(t, sockets.ConnectionsByPrincipal, 2*harness, "the dead ones of a lost network are found later")
	require.GreaterOrEqual(t, contact.Connections, 2*windows, "the same")
	require.GreaterOrEqual(t, contact.Subscriptions, windows)
	for _, kind := range []workspace.ActorKind{workspace.ActorMember, workspace.ActorAgent, workspace.ActorPartner} {
		require.GreaterOrEqual(t, classes[string(kind)].Subscriptions, sockets.ConnectionsByPrincipal/2, kind)
	}
}

// A website that hands on what many say, and an import of what one company wrote,
// are not refused.
func TestOrdinaryRelaysFitTheDefaults(t *testing.T) {
	key := workspace.Actor{Kind: workspace.ActorPartner, ID: "key"}
	w := newWordsAt(t)
	for i := range 200 * 120 {
		w.now = w.now.Add(time.Second / 200)
		words := desk.MessageUsage{Workspace: "demo", Contact: inbox.ContactID(rune('a' + i%200)), By: key, Bytes: 400}
		require.NoError(t, w.Spend(words), "200 visitors, a message a second each")
	}
	w = newWordsAt(t)
	for range 600 {
		require.NoError(t, w.Spend(desk.MessageUsage{Workspace: "demo", ExternalID: "company", By: key, Bytes: 1000, Begins: true}), "at once")
	}
	for range 5000 {
		w.now = w.now.Add(100 * time.Millisecond)
		require.NoError(t, w.Spend(desk.MessageUsage{Workspace: "demo", ExternalID: "company", By: key, Bytes: 1000, Begins: true}), "ten a second")
	}
	w = newWordsAt(t)
	for i := range 5000 {
		require.NoError(t, w.Spend(desk.MessageUsage{Workspace: "demo", ExternalID: string(rune(i)), By: key, Bytes: 1000, Begins: true}), "of many at once")
	}
}
