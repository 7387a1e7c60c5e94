package main

import (
	"fmt"
	"slices"
)

// board is what one person has open.
type board struct {
	name          string
	subscriptions []string
}

const (
	row = `id subject status handler version revision lastActivityAt waitingSince
		assignee { id name } team { id name } contact { id name }`
	// open are conversations that are not closed.
	open    = `statuses: [OPEN, UNSET]`
	changes = `subscription { inboxChanges(view: {` + open + `}) {
		cursor gap change reason conversationId conversation { ` + row + ` %s } } }`
	counts = `subscription { inboxCounts(views: [
		{list: MINE, ` + open + `}, {list: UNASSIGNED}, {list: QUEUED}, {list: MY_TEAMS, ` + open + `}, {` + open + `},
		{kinds: [LIVECHAT], ` + open + `}, {handlers: [AI], ` + open + `}
	]) { cursor counts { view count } } }`
	notices = `subscription { notifications {
		id kind at read claimable actor { ... on Member { id name } } conversation { id subject } gone } }`
	wallboard = `subscription { workloads {
		cursor members { member { id name } openConversations cap availability } removedMemberIds queue { waiting } } }`
	own = `viewerCan { action allowed }`
)

// boards are all that are measured. The first is what the others are compared with.
func boards() []board {
	view := fmt.Sprintf(changes, "")
	return []board{
		{"view", []string{view}},
		{"notifications", []string{view, notices}},
		{"counts", []string{view, counts}},
		{"whole", []string{view, notices, counts}},
		{"workloads", []string{view, wallboard}},
		{"viewerCan", []string{fmt.Sprintf(changes, own), notices, counts}},
	}
}

// chosen returns the boards with these names, and the names of those left out.
func chosen(names []string) (in []board, left []string) {
	for _, b := range boards() {
		if len(names) == 0 || slices.Contains(names, b.name) {
			in = append(in, b)
		} else {
			left = append(left, b.name)
		}
	}
	return in, left
}
