package resolvers

// ParseCursor reads a cursor of the list that is named by parts, for fuzzing.
func ParseCursor(text string, parts ...any) (key, id string, err error) {
	c, err := listOf(parts...).parse("after", text)
	return c.Key, c.ID, err
}

// MakeCursor makes one.
func MakeCursor(key, id string, parts ...any) string { return listOf(parts...).cursor(key, id) }
