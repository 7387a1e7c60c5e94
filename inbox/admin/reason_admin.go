package admin

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// NewReasonCode is a reason code to make.
type NewReasonCode struct {
	Name  string
	Usage workspace.ReasonUsage
	Key   string
}

// ReasonCodeEdit holds the changes of a reason code; nil leaves a field as it is.
type ReasonCodeEdit struct {
	Name     *string
	Archived *bool
	// ExpectedRevision, when set, refuses the change of any other.
	ExpectedRevision *int
}

// ReasonCodes lists the codes of the caller's workspace by usage, then by name; those of
// one usage if it is not empty, and archived ones only if they are asked for.
func ReasonCodes(a access.Access, usage workspace.ReasonUsage, archived bool) []workspace.ReasonCode {
	out := slices.DeleteFunc(slices.Clone(a.Directory.Workspace.ReasonCodes), func(c workspace.ReasonCode) bool {
		return c.Archived && !archived || usage != "" && c.Usage != usage
	})
	slices.SortFunc(out, func(x, y workspace.ReasonCode) int {
		order := workspace.Usages()
		if by := slices.Index(order, x.Usage) - slices.Index(order, y.Usage); by != 0 {
			return by
		}
		return workspace.ByName(x.Name, y.Name, x.ID, y.ID)
	})
	return out
}

// CreateReasonCode makes a reason code, which needs workspace.manage. Within its usage a
// name belongs to one code that is not archived, in any case of its letters.
func (s *Service) CreateReasonCode(ctx context.Context, p inbox.Principal, n NewReasonCode) (workspace.ReasonCode, error) {
	c := workspace.ReasonCode{ID: workspace.ReasonCodeID(s.base.NewID()), Name: n.Name, Usage: n.Usage, Rev: 1}
	done, err := s.administer(ctx, p, act{name: "createReasonCode", key: n.Key, args: n, decide: func(a access.Access) (Amendment, error) { return createReasonCode(a, c) }})
	if err != nil {
		return workspace.ReasonCode{}, err
	}
	codes := done.Workspace.ReasonCodes
	return codes[len(codes)-1], nil // also when it was made by an earlier request with this key
}

func createReasonCode(a access.Access, c workspace.ReasonCode) (Amendment, error) {
	if err := a.Require(workspace.WorkspaceManage); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	if len(w.ReasonCodes) >= workspace.MaxReasonCodes {
		return Amendment{}, inbox.Invalid("name", "The workspace has %d reason codes, archived ones included, which is as many as there can be. Rename one that is archived, and use it again.", workspace.MaxReasonCodes)
	}
	if err := checkReasonCode(w, workspace.ReasonCode{}, c); err != nil {
		return Amendment{}, err
	}
	w.ReasonCodes = append(slices.Clone(w.ReasonCodes), c)
	return amendReasonCode(a, audit.AuditReasonCreate, w, workspace.ReasonCode{}, c), nil
}

// UpdateReasonCode renames a reason code, archives it, or takes it out of the archive,
// which needs workspace.manage. Histories show its new name.
func (s *Service) UpdateReasonCode(ctx context.Context, p inbox.Principal, id workspace.ReasonCodeID, edit ReasonCodeEdit) (workspace.ReasonCode, error) {
	done, err := s.administer(ctx, p, act{name: "updateReasonCode", decide: func(a access.Access) (Amendment, error) { return updateReasonCode(a, id, edit) }})
	if err != nil {
		return workspace.ReasonCode{}, err
	}
	c, _ := done.Workspace.ReasonCode(id)
	return c, nil
}

func updateReasonCode(a access.Access, id workspace.ReasonCodeID, edit ReasonCodeEdit) (Amendment, error) {
	if err := a.Require(workspace.WorkspaceManage); err != nil {
		return Amendment{}, err
	}
	w := a.Directory.Workspace
	before, ok := w.ReasonCode(id)
	if !ok {
		return Amendment{}, inbox.Missing("reason code")
	}
	if err := commit.CheckExpected(edit.ExpectedRevision, before.Rev); err != nil {
		return Amendment{}, err
	}
	after := edit.apply(before)
	if err := checkReasonCode(w, before, after); err != nil {
		return Amendment{}, err
	}
	if after != before {
		after.Rev++
	}
	w.ReasonCodes = slices.Clone(w.ReasonCodes)
	w.ReasonCodes[slices.Index(w.ReasonCodes, before)] = after
	return amendReasonCode(a, audit.AuditReasonUpdate, w, before, after), nil
}

func (e ReasonCodeEdit) apply(c workspace.ReasonCode) workspace.ReasonCode {
	if e.Name != nil {
		c.Name = *e.Name
	}
	if e.Archived != nil {
		c.Archived = *e.Archived
	}
	return c
}

// checkReasonCode refuses a code that cannot be: without a name, with the name of
// another one that can be picked for the same, or for nothing.
func checkReasonCode(w workspace.Workspace, before, c workspace.ReasonCode) error {
	if err := checkRename("name", before.Name, c.Name); err != nil {
		return err
	}
	if err := inbox.CheckChoice("usage", c.Usage, workspace.Usages()...); err != nil {
		return err
	}
	taken := func(other workspace.ReasonCode) bool {
		return other.ID != c.ID && !other.Archived && other.Usage == c.Usage && strings.EqualFold(other.Name, c.Name)
	}
	if !c.Archived && slices.ContainsFunc(w.ReasonCodes, taken) {
		return inbox.Invalid("name", "There is a reason code %s for %s already. Pick another name.", c.Name, c.Usage)
	}
	return nil
}

func amendReasonCode(a access.Access, action audit.AuditAction, w workspace.Workspace, before, after workspace.ReasonCode) Amendment {
	var f auditFields
	f.text("name", before.Name, after.Name)
	f.text("usage", string(before.Usage), string(after.Usage))
	f.text("archived", strconv.FormatBool(before.Archived), strconv.FormatBool(after.Archived))
	return amendWorkspace(a, action, audit.AuditTarget{Kind: audit.AuditReasonCode, ID: string(after.ID), Name: after.Name}, w, f)
}

// reasonName is the name of a code for the audit log; empty for none.
func reasonName(a access.Access, id workspace.ReasonCodeID) string {
	c, _ := a.Directory.ReasonCode(id)
	return c.Name
}
