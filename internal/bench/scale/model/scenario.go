package model

import (
	"fmt"
	"math"
)

// Design is which events a server receives.
type Design string

// The designs.
const (
	// Every is the program as it is: each server receives the events of all workspaces.
	Every Design = "every"
	// Followed is a server that receives those of workspaces which somebody has open there,
	// while people are anywhere.
	Followed Design = "followed"
	// Placed is the same, where the people of a workspace are sent to few servers.
	Placed Design = "placed"
)

// Designs returns all designs.
func Designs() []Design { return []Design{Every, Followed, Placed} }

// Scenario is an installation with its people.
type Scenario struct {
	Servers int `json:"servers"`
	// Shards is how many replica sets have the data; 0 is the embedded engine.
	Shards int     `json:"shards"`
	People int     `json:"people"`
	Verbs  float64 `json:"verbsPerSecond"`
	// Size is how many people a workspace has, and Reach how many screens its events reach
	// each: a team's, or everybody's.
	Size   int    `json:"workspaceSize"`
	Reach  int    `json:"screens"`
	Design Design `json:"design"`
}

// verbsEach is how many verbs a second one person causes, bots and contacts included:
// 100,000 people and 5,000 verbs.
const verbsEach = 0.05

// Scenarios returns all steps with all workspaces. A team has at most teamSize people.
func Scenarios(f Figures) []Scenario {
	steps := []Scenario{
		{Servers: 1, Shards: 0, People: 1_000, Design: Every},
		{Servers: 10, Shards: 1, People: 10_000, Design: Every},
		{Servers: 10, Shards: 1, People: 100_000, Design: Every},
		{Servers: 20, Shards: 1, People: 100_000, Design: Every},
		{Servers: 20, Shards: 8, People: 100_000, Design: Every},
		{Servers: 20, Shards: 8, People: 100_000, Design: Followed},
		{Servers: 20, Shards: 8, People: 100_000, Design: Placed},
	}
	team := int(f.of("team_size"))
	var out []Scenario
	for _, step := range steps {
		step.Verbs = float64(step.People) * verbsEach
		for _, size := range []int{20, 200, 2_000, 10_000} {
			step.Size = size
			for _, reach := range reaches(size, team) {
				step.Reach = reach
				if size <= step.People {
					out = append(out, step)
				}
			}
		}
	}
	return out
}

// Short returns the scenarios that docs/scale.md shows: those of the smallest workspaces
// and of the largest, and all of one server.
func Short(all []Scenario) (out []Scenario) {
	for _, s := range all {
		if s.Size == 20 || s.Size == 10_000 || s.Shards == 0 {
			out = append(out, s)
		}
	}
	return out
}

// reaches are how many screens an event reaches: those of a team, and of everybody.
func reaches(size, team int) []int {
	if size <= team {
		return []int{size}
	}
	return []int{team, size}
}

// Step names the machines and the people.
func (s Scenario) Step() string {
	name := fmt.Sprintf("%d servers, ", s.Servers)
	if s.Servers == 1 {
		name = "1 server, "
	}
	switch s.Shards {
	case 0:
		name += "embedded"
	case 1:
		name += "1 replica set"
	default:
		name += fmt.Sprintf("%d shards", s.Shards)
	}
	return name
}

func (s Scenario) workspaces() float64 { return float64(s.People) / float64(s.Size) }

// spread is how many servers have people of one workspace at most.
func (s Scenario) spread(f Figures) int {
	if s.Design != Placed {
		return s.Servers
	}
	needed := int(math.Ceil(float64(s.Size)*float64(s.Servers)/float64(s.People))) + 1
	return min(s.Servers, max(needed, int(f.of("placed_servers"))))
}

// heard is the share of the servers at which somebody has a given workspace open, when
// each person is on any of those that the workspace is spread over.
func (s Scenario) heard(f Figures) float64 {
	over := float64(s.spread(f))
	return over / float64(s.Servers) * (1 - math.Pow(1-1/over, float64(s.Size)))
}
