package inbox

// PageCursor is where n stands in the list: see Notification.Sequence.
func (n Notification) PageCursor() PageCursor {
	return PageCursor{Sequence: n.Sequence, At: n.At, ID: string(n.ID)}
}
