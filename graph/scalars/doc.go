// Package scalars reads and writes the scalars of the schema as GraphQL says,
// where the library is more lenient or less exact.
package scalars
