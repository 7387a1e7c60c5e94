// Package attention shows members and contacts who else looks at a conversation or
// writes there, while they do. Nothing of it is stored, and no event tells of it.
package attention
