package document

import (
	"net/url"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// SavedViewList holds all saved views of a member, a team or the workspace.
type SavedViewList struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Shelf     shelf.SavedViewListID `bson:"shelf"`
	Views     []savedViewDoc        `bson:"views"`
	Rev       int                   `bson:"rev"`
}

// savedViewDoc has the fields of inbox.SavedView.
type savedViewDoc struct {
	ID        inbox.SavedViewID  `bson:"id"`
	Name      string             `bson:"name"`
	Filter    viewDoc            `bson:"filter"`
	Search    string             `bson:"search,omitempty"`
	Order     orderDoc           `bson:"order"`
	By        workspace.MemberID `bson:"by"`
	CreatedAt time.Time          `bson:"createdAt"`
	UpdatedAt time.Time          `bson:"updatedAt"`
}

type orderDoc struct {
	Field access.OrderField `bson:"field"`
	Desc  bool              `bson:"desc"`
}

type spanDoc struct {
	From  time.Time `bson:"from,omitempty"`
	Until time.Time `bson:"until,omitempty"`
}

// viewDoc has the fields of inbox.View. A field that is not stored does not filter.
type viewDoc struct {
	List            access.List          `bson:"list"`
	Kinds           []workspace.Kind     `bson:"kinds,omitempty"`
	Statuses        []inbox.Status       `bson:"statuses,omitempty"`
	Handlers        []inbox.Handler      `bson:"handlers,omitempty"`
	Assignees       []workspace.MemberID `bson:"assignees,omitempty"`
	Teams           []workspace.TeamID   `bson:"teams,omitempty"`
	Channels        []string             `bson:"channels,omitempty"`
	Contacts        []inbox.ContactID    `bson:"contacts,omitempty"`
	FormerAssignees []workspace.MemberID `bson:"formerAssignees,omitempty"`
	OriginAgents    []workspace.AgentID  `bson:"originAgents,omitempty"`
	Feeders         []workspace.KeyID    `bson:"feeders,omitempty"`
	ContactEmails   []string             `bson:"contactEmails,omitempty"`
	Created         spanDoc              `bson:"created"`
	Active          spanDoc              `bson:"active"`
	Closed          spanDoc              `bson:"closed"`
	Awaiting        *bool                `bson:"awaiting,omitempty"`
	Starred         bool                 `bson:"starred,omitempty"`
	Asleep          bool                 `bson:"asleep,omitempty"`
	Search          []string             `bson:"words,omitempty"` // none: see inbox.SavedView
}

func viewToDoc(v access.View) viewDoc {
	return viewDoc{
		List: v.List, Kinds: v.Kinds, Statuses: v.Statuses, Handlers: v.Handlers, Assignees: v.Assignees, Teams: v.Teams,
		Channels: v.Channels, Contacts: v.Contacts, FormerAssignees: v.FormerAssignees, OriginAgents: v.OriginAgents, Feeders: v.Feeders,
		ContactEmails: v.ContactEmails, Created: spanDoc(v.Created), Active: spanDoc(v.Active), Closed: spanDoc(v.Closed),
		Awaiting: v.Awaiting, Starred: v.Starred, Asleep: v.Asleep, Search: v.Search,
	}
}

func (d viewDoc) view() access.View {
	return access.View{
		List: d.List, Kinds: d.Kinds, Statuses: d.Statuses, Handlers: d.Handlers, Assignees: d.Assignees, Teams: d.Teams,
		Channels: d.Channels, Contacts: d.Contacts, FormerAssignees: d.FormerAssignees, OriginAgents: d.OriginAgents, Feeders: d.Feeders,
		ContactEmails: d.ContactEmails, Created: access.Span(d.Created), Active: access.Span(d.Active), Closed: access.Span(d.Closed),
		Awaiting: d.Awaiting, Starred: d.Starred, Asleep: d.Asleep, Search: d.Search,
	}
}

// OfSavedViewList is the document of s.
func OfSavedViewList(s shelf.SavedViewList) SavedViewList {
	d := SavedViewList{ID: SavedViewListID(s.Workspace, s.ID), Workspace: s.Workspace, Shelf: s.ID, Rev: s.Rev}
	for _, v := range s.Views {
		d.Views = append(d.Views, savedViewDoc{
			ID: v.ID, Name: v.Name, Filter: viewToDoc(v.Filter), Search: v.Search, Order: orderDoc(v.Order), By: v.By,
			CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		})
	}
	return d
}

// List is the list of saved views of the document.
func (d SavedViewList) List() shelf.SavedViewList {
	s := shelf.SavedViewList{Workspace: d.Workspace, ID: d.Shelf, Rev: d.Rev}
	for _, v := range d.Views {
		s.Views = append(s.Views, shelf.SavedView{
			ID: v.ID, Name: v.Name, Filter: v.Filter.view(), Search: v.Search, Order: access.Order(v.Order), By: v.By,
			CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		})
	}
	return s
}

// SavedViewListID is unique to one workspace: the escaped workspace id before the first
// slash holds no slash.
func SavedViewListID(ws workspace.WorkspaceID, id shelf.SavedViewListID) string {
	return url.PathEscape(string(ws)) + "/" + string(id)
}
