package blackbox_test

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/internal/histcheck"
)

// settle waits until nobody waits whom somebody could be given, lets something
// happen to many conversations that every stream has to tell, and gives all that
// happened. Nothing is broken any more, and nobody works.
func (r *faultRun) settle() histcheck.History {
	began := time.Now()
	r.complete()
	r.result.Waited = time.Since(began).Round(time.Millisecond).String()
	manager := r.clients[0]
	for _, id := range r.known.ids {
		manager.done = append(manager.done, manager.answer(r.t.Context(), faultAct{verb: "sendMessage", input: object{"conversationId": id, "body": "The end.", "internal": true}}))
		manager.done = append(manager.done, manager.answer(r.t.Context(), faultAct{verb: "setConversationStatus", input: object{"conversationId": id, "status": "UNSET"}}))
	}
	return r.complete()
}

// complete gives the history once the queues are handed out and everything that
// was acknowledged can be read; what is never so is found by the checks. A
// transaction of a server that was killed can hold back what comes after it until
// the database ends it, after a minute.
func (r *faultRun) complete() (log histcheck.History) {
	deadline := time.Now().Add(patience)
	for again := time.NewTicker(tick); time.Now().Before(deadline); <-again.C {
		log = r.read()
		found := log.Check()
		held := slices.IndexFunc(found, func(f histcheck.Fault) bool {
			return slices.Contains([]histcheck.Rule{histcheck.Waiting, histcheck.Lost, histcheck.Stored, histcheck.Settled, histcheck.Digest}, f.Rule)
		})
		if held < 0 {
			break
		}
		r.result.Held = found[held].String()
	}
	return log
}

// read gives the history so far, as if a day had passed since: who waits at its
// end while somebody is free would wait for ever. B:Q8
func (r *faultRun) read() histcheck.History {
	h := histcheck.History{Start: r.start, Policy: r.policy, Patience: 12 * time.Hour, OffersEnded: true, End: time.Now().Add(24 * time.Hour)}
	require.NoError(r.t, h.Read(r.t.Context(), r.stored, r.position))
	for _, c := range r.clients {
		for _, a := range c.done {
			if a.event != "" {
				h.Acknowledged = append(h.Acknowledged, inbox.EventID(a.event))
			}
		}
	}
	return h
}

// checkLog proves that the workspace was never wrong.
func (r *faultRun) checkLog(log histcheck.History) {
	faults := log.Check()
	for _, fault := range faults {
		r.result.fault("history", fault.String())
	}
	r.result.check("history is sound", fmt.Sprintf("%d events, %d conversations", len(log.Events), len(log.Conversations)), len(faults))
	r.result.Events = len(log.Events)
	if path := os.Getenv(envFaultsJSON); path != "" && len(faults) > 0 {
		faultWrite(r.t, path+".events", log.Events)
	}
}

// checkAnswers proves that everybody has an answer, and that what was answered
// is what is there.
func (r *faultRun) checkAnswers(log histcheck.History) {
	byKey := map[string][]inbox.Event{}
	for _, e := range log.Events {
		if e.Key.Key != "" {
			byKey[e.Key.Key] = append(byKey[e.Key.Key], e)
		}
	}
	wrong, all := 0, 0
	for _, c := range r.clients {
		for _, a := range c.done {
			all++
			r.result.count(a)
			if why := a.wrong(byKey[a.key], &r.result); why != "" {
				wrong++
				r.result.fault("answer", fmt.Sprintf("%s by %s, key %s, tries %d: %s; it was told %s", a.verb, a.client, a.key, a.tries, why, a.text))
			}
		}
	}
	r.result.check("answers are true", fmt.Sprintf("%d mutations", all), wrong)
}

// wrong says what does not fit between an answer and the events of its key.
func (a faultAnswer) wrong(made []inbox.Event, result *faultResult) string {
	switch {
	case a.failed != "":
		return "no result and nothing that can be tried again: " + a.failed
	case a.bare:
		return ""
	case a.code != "":
		return a.wronglyRefused(made, result)
	case len(made) != 1:
		return fmt.Sprintf("the key made %d events", len(made))
	}
	e := made[0]
	switch {
	case a.event != "" && (a.event != string(e.ID) || a.version != e.Version):
		return fmt.Sprintf("the key made event %s, version %d", e.ID, e.Version)
	case a.message != "" && !faultWrote(e, a.message):
		return "the key made an event without that message"
	case a.conversation != "" && a.verb != "startNewConversation" && plainID(a.conversation) != string(e.Conversation):
		return "the key made something in another conversation"
	}
	return ""
}

// wronglyRefused is about a refusal of what was done. It can be right: an attempt
// whose answer was lost may still run while the next one is refused.
func (a faultAnswer) wronglyRefused(made []inbox.Event, result *faultResult) string {
	switch {
	case len(made) == 0:
		return ""
	case a.tries > 1:
		result.Late++
		return ""
	}
	return fmt.Sprintf("it was refused, and made event %s", made[0].ID)
}

func faultWrote(e inbox.Event, message string) bool {
	for _, m := range e.Messages {
		if string(m.ID) == message {
			return true
		}
	}
	return false
}

// checkStreams proves that each subscriber was told everything it may see, once
// and in order, or that something is missing.
func (r *faultRun) checkStreams(log histcheck.History) {
	events := log.Events[r.began:]
	wrong, told := 0, 0
	began, deadline := time.Now(), time.Now().Add(patience) // of all
	for _, s := range r.streams {
		var why string
		for again := time.NewTicker(tick); ; <-again.C {
			record, refused := s.record(events)
			fault, ok := record.Check()
			if why = refused; why == "" && !ok {
				why = fault.String()
				r.result.Awaited = fmt.Sprintf("%s (after %v)", why, time.Since(began).Round(time.Second))
				events = r.read().Events[r.began:] // a duty may be done late, and is told
			}
			if why == "" || refused != "" || time.Now().After(deadline) {
				told += len(record.Got) - record.Gaps()
				again.Stop()
				break
			}
		}
		if why != "" {
			wrong++
			r.result.fault("stream", s.name+": "+why)
		}
		r.result.listened(s)
	}
	r.result.check("streams told everything once", fmt.Sprintf("%d subscribers, %d items", len(r.streams), told), wrong)
}
