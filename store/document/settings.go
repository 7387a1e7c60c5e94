package document

import (
	"time"
)

type Secret struct {
	ID    string `bson:"_id"`
	Value []byte `bson:"value"`
}

// sealingDoc is the one document of all keys, so that they change together.
type Sealing struct {
	ID       string       `bson:"_id"`
	Revision int          `bson:"revision"`
	Keys     []SealingKey `bson:"keys"`
}

type SealingKey struct {
	ID     int64     `bson:"id"`
	Secret []byte    `bson:"secret,omitempty"`
	From   time.Time `bson:"from"`
}
