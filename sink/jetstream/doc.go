// Package jetstream writes to NATS JetStream.
package jetstream
