package inbox

// IsNotFound reports whether the code of err is NOT_FOUND.
func IsNotFound(err error) bool { return CodeOf(err) == NotFound }
