// Package inbox is the domain of a support inbox: the ownership of conversations,
// the permission to change it, and the record of each change.
//
// It imports the standard library only. Verbs are pure functions: the conversation,
// the rules of its workspace, the actor and the time are passed in; inbox/access
// declares each with its verdict, and the use cases run what is declared. The packages
// below it hold the use cases, each with the interfaces that it needs from storage
// and other adapters; inbox/services builds them.
package inbox
