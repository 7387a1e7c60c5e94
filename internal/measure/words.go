package measure

import (
	"strings"
	"unicode"
)

// Words counts the words of comments, and those of them that standard English of
// the field needs seldom: "what" and "who" as nouns, and "tell" where the field
// says send, return, report or notify.
type Words struct {
	All  int `json:"all"`
	What int `json:"what"`
	Who  int `json:"who"`
	Tell int `json:"tell"`
}

func (w Words) plus(o Words) Words {
	return Words{All: w.All + o.All, What: w.What + o.What, Who: w.Who + o.Who, Tell: w.Tell + o.Tell}
}

// PerThousand returns how many of a thousand words count is, 0 without words.
func (w Words) PerThousand(count int) float64 {
	if w.All == 0 {
		return 0
	}
	return 1000 * float64(count) / float64(w.All)
}

// count counts the words of one comment.
func count(text string) Words {
	var out Words
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != '\'' && !unicode.IsLetter(r) }) {
		out.All++
		switch strings.ToLower(word) {
		case "what":
			out.What++
		case "who", "whom":
			out.Who++
		case "tell", "tells", "told", "telling":
			out.Tell++
		}
	}
	return out
}
