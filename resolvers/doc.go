// Package resolvers answers the GraphQL schema: it finds the caller in the
// context, converts arguments, makes one call of the domain and converts the
// answer. A subscription is such a call too: live/follow keeps the state of what it
// follows, and each item is converted as an answer is. Files that end in
// .resolvers.go are laid out by gqlgen; their bodies and all other files are written
// by hand.
package resolvers
