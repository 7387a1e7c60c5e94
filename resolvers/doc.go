// Package resolvers answers the GraphQL schema: it finds the caller in the
// context, converts arguments, makes one call of the domain and converts the
// answer. Subscriptions are the exception: the files live_*.go keep the state of
// what each one follows. Files that end in .resolvers.go are laid out by gqlgen;
// their bodies and all other files are written by hand.
package resolvers
