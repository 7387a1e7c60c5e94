package measure

import "slices"

// Spread says how long the files or functions of a package are, in lines.
type Spread struct {
	P50 int `json:"p50"`
	P90 int `json:"p90"`
	Max int `json:"max"`
}

// SpreadOf returns the spread of the lengths, zero for none. A percentile is the
// smallest length that so many of a hundred do not exceed.
func SpreadOf(lengths []int) Spread {
	if len(lengths) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(lengths))
	at := func(percent int) int { return sorted[(len(sorted)*percent+99)/100-1] }
	return Spread{P50: at(50), P90: at(90), Max: sorted[len(sorted)-1]}
}

// MostMethods returns the type with the most methods and their number, "" and 0 if
// no type has any. Of several types it returns the first by name.
func (p Package) MostMethods() (name string, methods int) {
	for other, count := range p.Methods {
		if count > methods || count == methods && other < name {
			name, methods = other, count
		}
	}
	return name, methods
}
