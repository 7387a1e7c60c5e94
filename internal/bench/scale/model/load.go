package model

// Use is how much of a resource is used, as a share of what it can do.
type Use struct {
	Resource string  `json:"resource"`
	Share    float64 `json:"share"`
}

// Resources, as they are printed.
const (
	serverCPU       = "server CPU"
	serverFeed      = "server feed"
	serverNetwork   = "server network"
	serverMemory    = "server memory"
	serverBoards    = "server boards"
	databaseCPU     = "database CPU"
	databaseNetwork = "database network"
	writer          = "the file's writer"
	bulletins       = "bulletin document"
	numbering       = "log numbers"
	hotTeam         = "one team's hand-offs"
)

// resources are all of them, in the order of their table.
func resources() []string {
	return append(waitedFor(), serverMemory, serverBoards, bulletins, numbering, hotTeam)
}

// waitedFor are those that a verb or its delivery waits for.
func waitedFor() []string {
	return []string{serverCPU, serverFeed, serverNetwork, writer, databaseCPU, databaseNetwork}
}

const million = 1e6

// load has what happens in a second, for one server, one shard and the installation.
type load struct {
	f Figures
	s Scenario
	// heard is the share of servers that deliver an event, got of those that receive it.
	heard, got float64
	servers    float64
}

func newLoad(f Figures, s Scenario) load {
	l := load{f: f, s: s, heard: s.heard(f), got: 1, servers: float64(s.Servers)}
	if s.Design != Every {
		l.got = l.heard
	}
	return l
}

// uses returns the share of every resource that the scenario has.
func (l load) uses() []Use {
	out := []Use{
		{serverCPU, l.cpu() / million / l.f.of("server_cores")},
		{serverFeed, l.feed() / million},
		{serverNetwork, l.sent() / million / l.f.of("server_network")},
		{serverMemory, l.memory() / l.f.of("server_memory")},
		{serverBoards, l.boards() * l.f.of("board_admitted") / 1000 / l.f.of("subscription_share") / l.f.of("server_memory")},
	}
	if l.s.Shards == 0 {
		out = append(out, Use{writer, l.s.Verbs * l.f.of("embedded_commit") / million})
	} else {
		out = append(out,
			Use{databaseCPU, l.database() / million / l.f.of("database_cores")},
			Use{databaseNetwork, l.databaseBytes() / million / l.f.of("database_network")},
			Use{bulletins, l.servers * l.f.of("bulletins") / l.f.of("one_document")})
	}
	return append(out, Use{numbering, l.numbering()}, Use{hotTeam, l.handOffs() / l.f.of("handoffs_one_team")})
}

// verb is the processor time of a verb without that of its event.
func (l load) verb() float64 { return max(0, l.f.of("verb_cpu")-l.f.of("foreign_event")) }

// feed is the processor time of one server's feed, which one goroutine reads, in µs.
func (l load) feed() float64 {
	return l.s.Verbs * (l.heard*l.f.of("own_event") + (l.got-l.heard)*l.f.of("foreign_event"))
}

// cpu is the processor time of one server, in µs.
func (l load) cpu() float64 {
	return l.s.Verbs/l.servers*l.verb() + l.feed() + l.items()*l.f.of("item_cpu") + l.boards()*l.f.of("idle_board")
}

func (l load) boards() float64 { return float64(l.s.People) / l.servers }

// items is how many items one server sends to screens.
func (l load) items() float64 { return l.s.Verbs * float64(l.s.Reach) / l.servers }

// sent is what one server sends and receives, in bytes.
func (l load) sent() float64 {
	return l.items()*l.f.of("item_bytes") + l.s.Verbs*l.got*l.f.of("event_bytes")
}

// memory is that of one server, in MB.
func (l load) memory() float64 {
	kept := l.f.of("ring_items") * l.f.of("event_bytes") * l.f.of("event_memory") / million
	directories := l.s.workspaces() * l.heard * float64(l.s.Size) * l.f.of("directory_member") / 1000
	return l.f.of("server_base") + l.boards()*l.f.of("board")/1000 + kept + directories
}

// database is the processor time of one primary, in µs: that of verbs, of the streams of all
// servers, each of which reads the whole log of operations of each shard, and of the
// conversations that every server reads when anybody is shown there.
func (l load) database() float64 {
	verbs := l.s.Verbs / float64(l.s.Shards)
	streams := l.servers*(l.got*l.f.of("database_event")+(1-l.got)*l.f.of("database_skip")) + l.f.of("database_event")
	looks := float64(l.s.People) / float64(l.s.Shards) * l.f.of("looks") * l.servers
	return verbs*(l.f.of("database_verb")+streams) + looks*l.f.of("database_read")
}

// databaseBytes is what one primary sends to servers and to two other members. It may be
// the one that has the bulletins, which each server receives from each.
func (l load) databaseBytes() float64 {
	told := l.servers * l.f.of("bulletins") * l.f.of("bulletin_bytes") * l.servers
	return told + l.s.Verbs/float64(l.s.Shards)*(l.f.of("event_bytes")*(l.servers*l.got+1)+2*l.f.of("written_bytes"))
}

// numbering is the share of its time for which the one that numbers the log is busy.
func (l load) numbering() float64 {
	each := l.f.of("number_record")
	if l.s.Shards == 0 {
		each = l.f.of("number_record_embedded")
	}
	return l.s.Verbs * l.f.of("records_of_verb") * each / million
}

// handOffs is how many the busiest team of a workspace has.
func (l load) handOffs() float64 {
	teams := max(1, float64(l.s.Size)/l.f.of("team_size"))
	share := min(1, l.f.of("busiest_team")/teams)
	return l.s.Verbs / l.s.workspaces() * l.f.of("handoff_share") * share
}
