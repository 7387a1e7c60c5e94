package live

import "switchboard/inbox"

// Follower keeps something as fresh as the feed. The Pump tells it everything
// before the Hub hears of it, from one goroutine; none of the calls may block.
type Follower interface {
	// Apply takes the next event.
	Apply(e inbox.Event)
	// FeedBack says that every event committed from now on will be applied.
	FeedBack()
	// FeedLost says that events may be missing from now on.
	FeedLost()
	// Forget says that events were lost, so that nothing known before holds.
	Forget()
}

var _ Follower = (*Directories)(nil)

// followers are several as one, told in order.
type followers []Follower

var _ Follower = followers(nil)

func (f followers) Apply(e inbox.Event) {
	for _, one := range f {
		one.Apply(e)
	}
}

func (f followers) FeedBack() {
	for _, one := range f {
		one.FeedBack()
	}
}

func (f followers) FeedLost() {
	for _, one := range f {
		one.FeedLost()
	}
}

func (f followers) Forget() {
	for _, one := range f {
		one.Forget()
	}
}
