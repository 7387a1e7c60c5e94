// Package cloudevent says what a record of a log is to another system: its id, its type
// such as conversation.taken_over, and thin data without any text that somebody wrote.
// Webhooks and brokers send the same; each puts it into an envelope of its own.
package cloudevent
