// Command example follows the newest conversations and every change of ownership.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"time"

	"switchboard/client"
	"switchboard/client/api"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	desk := client.New(os.Getenv("URL"), client.Static(os.Getenv("TOKEN")), client.Options{})
	list := api.InboxListAll
	view := &api.InboxView{List: &list, Statuses: []api.ConversationStatus{api.ConversationStatusOpen, api.ConversationStatusUnset}}

	after := show(ctx, desk, view)
	changes, _, err := api.InboxChanges(ctx, desk, view, after) // comes back by itself, behind what it delivered
	if err != nil {
		log.Fatal(err)
	}
	events, _, err := api.AssignmentEvents(ctx, desk, nil, after)
	if err != nil {
		log.Fatal(err)
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case item, more := <-changes: // closed if the right is lost or the token refused: the last item says why
			if !more || len(item.Errors) > 0 {
				log.Fatal("ended: ", item.Errors)
			}
			show(ctx, desk, view) // also after a gap
		case item := <-events:
			if item.Data != nil && item.Data.AssignmentEvents.Node != nil {
				fmt.Println("event", item.Data.AssignmentEvents.Node.Id)
			}
		}
	}
	_ = desk.Close()
}

// show prints the list, and returns its place in the streams.
func show(ctx context.Context, desk *client.Client, view *api.InboxView) *string {
	for ctx.Err() == nil {
		page, err := api.Conversations(ctx, desk, view, nil, 10, nil)
		if err != nil { // the server is away
			time.Sleep(time.Second)
			continue
		}
		fmt.Print("rows")
		for _, row := range page.Conversations.Nodes {
			fmt.Printf(" %s:%d", row.Id, row.Revision)
		}
		fmt.Println()
		return page.Conversations.LiveCursor
	}
	return nil
}
