package inbox

// Position is where n stands in the list: see Notification.Place.
func (n Notification) Position() Position {
	return Position{Place: n.Place, At: n.At, ID: string(n.ID)}
}
