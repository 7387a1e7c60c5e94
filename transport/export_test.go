package transport

// ParseMessage reads a message of a client and gives its type and id, for fuzzing.
func ParseMessage(data []byte) (kind, id string, err error) {
	m, err := parseMessage(data)
	return m.kind, m.id, err
}

// InitToken reads the payload of connection_init.
func InitToken(payload []byte) (string, error) {
	token, refused := (&socket{}).token(payload)
	if refused != nil {
		return "", refused
	}
	return token, nil
}
