package workspace

// Words are the permissions of the role, as the API shows them.
func (r CustomRole) Words() []string {
	var out []string
	for _, p := range r.Permissions {
		out = append(out, p.String())
	}
	return out
}

// ParsePermission reads the form that Permission.String writes; ok is false for
// anything else.
func ParsePermission(text string) (p Permission, ok bool) {
	for _, kind := range Kinds() {
		for _, action := range PermActions() {
			for _, scope := range []Scope{ScopeOwn, ScopeTeam, ScopeAll} {
				if p = (Permission{kind, action, scope}); p.String() == text {
					return p, true
				}
			}
		}
	}
	return Permission{}, false
}
