package authz

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"switchboard/inbox/workspace"
)

//go:embed policies
var embedded embed.FS

// Policy is a complete, checked and decided policy. It is immutable.
type Policy struct {
	source *source
	table  *table
	// read is the fingerprint of the files from before they were read.
	read fingerprint
}

// Load reads a policy from the root of files and lets Casbin decide it. Every
// error is a *PolicyError, or PolicyErrors for more mistakes than one.
func Load(files fs.FS) (*Policy, error) { return load(folder{files: files}) }

// LoadDir is Load for a folder of the disk, which errors name.
func LoadDir(dir string) (*Policy, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, &PolicyError{
			File: dir, Problem: "There is no such folder of policy files",
			Fix: "Name a folder with " + strings.Join(fileNames(), ", "),
		}
	}
	return load(folder{files: os.DirFS(dir), name: dir})
}

// Presets lists the policies that the program carries.
func Presets() []string { return []string{"default", "league"} }

// Preset loads a policy that the program carries. A *PolicyError for a name
// that Presets does not list.
func Preset(name string) (*Policy, error) {
	for _, known := range Presets() {
		if name == known {
			dir := path.Join("policies", name)
			files, err := fs.Sub(embedded, dir)
			if err != nil {
				return nil, fmt.Errorf("open the preset %s: %w", name, err)
			}
			return load(folder{files: files, name: dir})
		}
	}
	return nil, &PolicyError{File: name, Problem: "There is no policy preset of this name", Fix: oneOf(Presets())}
}

func load(f folder) (*Policy, error) {
	read := f.fingerprint()
	s, err := readSource(f)
	if err != nil {
		return nil, err
	}
	t, err := decide(s)
	if err != nil {
		return nil, err
	}
	return &Policy{source: s, table: t, read: read}, nil
}

// Plans is the ladder, low to high.
func (p *Policy) Plans() []workspace.Plan { return append([]workspace.Plan(nil), p.table.plans...) }

// Roles lists the preset roles in the order of roles.csv. A custom role of
// the same name is never looked at.
func (p *Policy) Roles() []workspace.RoleName {
	out := make([]workspace.RoleName, len(p.source.roles))
	for i, role := range p.source.roles {
		out[i] = workspace.RoleName(role.name)
	}
	return out
}

// PresetRole finds a role of roles.csv, with its label and description. It is not ok for a
// role that a workspace made, and for none at all.
func (p *Policy) PresetRole(name workspace.RoleName) (role workspace.PresetRole, ok bool) {
	for _, one := range p.source.roles {
		if one.name == string(name) {
			return workspace.PresetRole{Name: name, Label: one.label, Description: one.description}, true
		}
	}
	return workspace.PresetRole{Name: name, Label: string(name)}, false
}
