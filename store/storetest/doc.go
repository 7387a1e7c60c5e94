// Package storetest is the conformance suite of stores. Each engine runs it in
// one call, and must pass all of it.
package storetest
