// Package exec executes one GraphQL operation: it drives gqlgen's executor, encodes
// responses, turns panics into errors, and lets a resolver end a subscription with an
// error. Transports and groups of subscribers both build on it.
package exec
