package inbox

func IsNotFound(err error) bool { return CodeOf(err) == NotFound }
