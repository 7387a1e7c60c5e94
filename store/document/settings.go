package document

import "time"

// Secret is a secret that is made once for a database.
type Secret struct {
	ID    string `bson:"_id"`
	Value []byte `bson:"value"`
}

// Sealing is the one document of all keys, so that they change together.
type Sealing struct {
	ID       string       `bson:"_id"`
	Revision int          `bson:"revision"`
	Keys     []SealingKey `bson:"keys"`
}

// SealingKey is one secret that cursors are sealed with, and the time from which it
// is used.
type SealingKey struct {
	ID     int64     `bson:"id"`
	Secret []byte    `bson:"secret,omitempty"`
	From   time.Time `bson:"from"`
}
