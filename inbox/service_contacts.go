package inbox

// ExternalIDs are all that lead to c, its own first, then those of merged, which
// holds the contacts that were merged into it.
func (c Contact) ExternalIDs(merged map[ContactID]Contact) []string {
	var out []string
	for _, one := range append([]ContactID{c.ID}, c.Merged...) {
		id := merged[one].ExternalID
		if one == c.ID {
			id = c.ExternalID
		}
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}
