package cloudevent

import "time"

// data has the ids of a record. Fields that a record does not have are left out.
type data struct {
	// Kind is that of the change of ownership, else that of the record.
	Kind         string `json:"kind"`
	Conversation string `json:"conversation,omitempty"`
	Message      string `json:"message,omitempty"`
	// Internal marks a note, which the contact does not see.
	Internal     bool      `json:"internal,omitempty"`
	Member       string    `json:"member,omitempty"`
	Actor        *actor    `json:"actor,omitempty"`
	From         *owner    `json:"from,omitempty"`
	To           *owner    `json:"to,omitempty"`
	Availability string    `json:"availability,omitempty"`
	Number       int       `json:"messageSequence,omitempty"`
	Version      int       `json:"version,omitempty"`
	Epoch        int       `json:"epoch,omitempty"`
	At           time.Time `json:"at"`
}

type actor struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
}

type owner struct {
	Assignee string `json:"assignee,omitempty"`
	Team     string `json:"team,omitempty"`
	Status   string `json:"status"`
}
