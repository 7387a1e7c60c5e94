package transport

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
	mediaEvents   = "text/event-stream"
)

// negotiate returns the media type to answer with, or "" when the client accepts
// neither. No Accept header and wildcards mean application/json, which clients
// that name nothing expect; between equals the newer type wins.
func negotiate(h http.Header) string {
	accept := strings.Join(h.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return mediaJSON
	}
	json, response := quality(accept, mediaJSON, true), quality(accept, mediaResponse, false)
	switch {
	case response > 0 && response >= json:
		return mediaResponse
	case json > 0:
		return mediaJSON
	default:
		return ""
	}
}

// wantsEvents says whether the client would rather have an event stream than a
// single answer. Clients that take either name both.
func wantsEvents(h http.Header) bool {
	accept := strings.Join(h.Values("Accept"), ",")
	events := quality(accept, mediaEvents, false)
	return events > quality(accept, mediaResponse, false) && events > quality(accept, mediaJSON, false)
}

// quality returns the weight that accept gives to media: that of its exact name
// or else, with wild, of the closest wildcard.
func quality(accept, media string, wild bool) float64 {
	best, weight := 0, 0.0
	for _, item := range strings.Split(accept, ",") {
		name, params, err := mime.ParseMediaType(item)
		if err != nil {
			continue
		}
		rank := 0
		switch {
		case name == media:
			rank = 3
		case wild && name == "application/*":
			rank = 2
		case wild && name == "*/*":
			rank = 1
		}
		if rank > best {
			best, weight = rank, parseQuality(params["q"])
		}
	}
	return weight
}

func parseQuality(q string) float64 {
	if q == "" {
		return 1
	}
	weight, err := strconv.ParseFloat(q, 64)
	if err != nil || weight < 0 || weight > 1 {
		return 0
	}
	return weight
}

// readable says whether the body of a request is JSON as this package reads it.
func readable(h http.Header) bool {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media != mediaJSON {
		return false
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	encoding := h.Get("Content-Encoding")
	return encoding == "" || strings.EqualFold(encoding, "identity")
}
