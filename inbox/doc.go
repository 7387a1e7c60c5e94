// Package inbox is the domain of a support inbox: who owns a conversation, who
// may change that, and what is recorded when somebody does.
//
// It imports the standard library only. Verbs are pure functions of a
// conversation, the rules of its workspace, who acts and when; Service ties
// them to the world through the interfaces of ports.go.
package inbox
