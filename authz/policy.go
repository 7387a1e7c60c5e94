package authz

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"slices"
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
	if !slices.Contains(Presets(), name) {
		return nil, &PolicyError{File: name, Problem: "There is no policy preset of this name", Fix: oneOf(Presets())}
	}
	return load(folder{files: PresetFiles(name), name: path.Join("policies", name)})
}

// PresetFiles is the folder of a preset, to be copied and changed. It is empty for a
// name that Presets does not list.
func PresetFiles(name string) fs.FS {
	files, err := fs.Sub(embedded, path.Join("policies", name))
	if err != nil {
		return embed.FS{} // a name that is no path
	}
	return files
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
