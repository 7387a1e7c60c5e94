package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"switchboard/dispatch"
	"switchboard/inbox/retention"
)

// retentionSettings say how long parts of closed conversations are kept.
type retentionSettings struct {
	KeepEvents   kept `help:"How long the events of a closed conversation are kept, such as 400d; 0 for ever." default:"0" placeholder:"TIME"`
	KeepMessages kept `help:"As --keep-events, of its messages." default:"0" placeholder:"TIME"`
	KeepKeys     kept `help:"As --keep-events, of the idempotency keys of its events." default:"0" placeholder:"TIME"`
}

// kept is a time in days, such as 400d, or in the form of other durations.
type kept time.Duration

// UnmarshalText reads the time of a setting.
func (k *kept) UnmarshalText(text []byte) error {
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n > maxDays || n < -maxDays {
			return fmt.Errorf("%q is not a number of days", text)
		}
		*k = kept(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(string(text))
	*k = kept(d)
	return err
}

// maxDays is a century, which a duration can hold.
const maxDays = 36_500

// limits are the limits of the settings.
func (s *retentionSettings) limits() retention.Limits {
	return retention.Limits{
		retention.Events:   time.Duration(s.KeepEvents),
		retention.Messages: time.Duration(s.KeepMessages),
		retention.Keys:     time.Duration(s.KeepKeys),
	}
}

func (s *retentionSettings) check(c *checks) {
	for _, one := range []struct {
		name  string
		value kept
		least time.Duration
	}{
		{"keep-events", s.KeepEvents, retention.LeastEvents},
		{"keep-messages", s.KeepMessages, retention.Least},
		{"keep-keys", s.KeepKeys, retention.Least},
	} {
		if one.value != 0 && time.Duration(one.value) < one.least {
			c.wrong(one.name, "--"+one.name+" 400d", "%s is less than %d days, and not 0",
				time.Duration(one.value), one.least/(24*time.Hour))
		}
	}
}

// retentionInterval is how often a batch of conversations is looked at.
const retentionInterval = 10 * time.Second

// trimInterval is how often the logs are looked at whose beginnings were removed.
const trimInterval = 10 * time.Minute

// removals are the duties that remove what is kept no longer; none if all is kept.
func (s *server) removals(limits retention.Limits) []dispatch.Duty {
	for _, kept := range limits {
		if kept > 0 {
			remove := retention.New(s.store, limits, time.Now).Run
			return []dispatch.Duty{
				{Name: "remove what is kept no longer", Every: retentionInterval, Do: remove},
				{Name: "remove the beginnings of logs", Every: trimInterval, Do: s.service.Log.Trim},
			}
		}
	}
	return nil
}
