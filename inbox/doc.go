// Package inbox is the domain of a support inbox: the ownership of conversations,
// the permission to change it, and the record of each change. It imports the
// standard library only.
//
// Verbs are pure functions of a conversation, the rules of its workspace, the actor
// and the time; Service connects them to the world through the interfaces of
// ports.go.
package inbox
