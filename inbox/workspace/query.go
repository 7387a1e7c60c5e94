package workspace

// EmailKey is equal for addresses that SameEmail takes for one.
func EmailKey(email string) string { return lowerASCII(email) }
