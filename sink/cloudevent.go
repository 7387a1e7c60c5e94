package sink

import (
	"encoding/json"
	"time"

	"switchboard/cloudevent"
	"switchboard/inbox/eventlog"
)

// structured is a CloudEvent 1.0 in the structured form. The sequence is that of the
// extension "sequence".
type structured struct {
	SpecVersion string          `json:"specversion"`
	ID          string          `json:"id"`
	Source      string          `json:"source"`
	Type        string          `json:"type"`
	Subject     string          `json:"subject,omitempty"`
	Time        time.Time       `json:"time"`
	Sequence    string          `json:"sequence"`
	ContentType string          `json:"datacontenttype"`
	Data        json.RawMessage `json:"data"`
}

// encode returns the CloudEvent of a record, as JSON.
func encode(make cloudevent.Maker, r eventlog.Record) ([]byte, error) {
	e, err := make.Of(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(structured{
		SpecVersion: "1.0", ID: e.ID, Source: e.Source(), Type: e.Type, Subject: e.Subject, Time: e.At,
		Sequence: number(r.Sequence), ContentType: "application/json", Data: e.Data,
	})
}
