package document

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// Audit is an entry of the audit log. Nothing updates or deletes one.
type Audit struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	At        time.Time             `bson:"at"`
	Actor     actorDoc              `bson:"actor"`
	Action    audit.AuditAction     `bson:"action"`
	Target    auditTargetDoc        `bson:"target"`
	Fields    []auditFieldDoc       `bson:"fields,omitempty"`
	Refused   bool                  `bson:"refused"`
	Code      inbox.Code            `bson:"code,omitempty"`
}

type auditTargetDoc struct {
	Kind audit.AuditTargetKind `bson:"kind"`
	ID   string                `bson:"id"`
	Name string                `bson:"name"`
}

type auditFieldDoc struct {
	Field string `bson:"field"`
	From  string `bson:"from"`
	To    string `bson:"to"`
}

// OfAudit is the document of e.
func OfAudit(e audit.AuditEntry) Audit {
	d := Audit{
		ID: e.ID, Workspace: e.Workspace, At: e.At, Actor: actorDoc(e.Actor), Action: e.Action,
		Target: auditTargetDoc(e.Target), Refused: e.Refused, Code: e.Code,
	}
	for _, f := range e.Fields {
		d.Fields = append(d.Fields, auditFieldDoc(f))
	}
	return d
}

// Entry is the audit entry of the document.
func (d Audit) Entry() audit.AuditEntry {
	e := audit.AuditEntry{
		ID: d.ID, Workspace: d.Workspace, At: d.At, Actor: workspace.Actor(d.Actor), Action: d.Action,
		Target: audit.AuditTarget(d.Target), Refused: d.Refused, Code: d.Code,
	}
	for _, f := range d.Fields {
		e.Fields = append(e.Fields, audit.AuditField(f))
	}
	return e
}

// Position is where the entry stands in the audit log, which is sorted by time.
func (d Audit) Position(string) inbox.PageCursor { return inbox.PageCursor{At: d.At, ID: d.ID} }
