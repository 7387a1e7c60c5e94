// Package inbox is the domain of a support inbox: the ownership of conversations,
// the permission to change it, and the record of each change. It imports the
// standard library only.
//
// It imports the standard library only. Verbs are pure functions of a
// conversation, the rules of its workspace, who acts and when; The services of the rooms tie
// them to the world through the ports of each room.
package inbox
