package measure

import (
	"go/ast"
	"go/token"
	"strings"
	"unicode/utf8"
)

// LongLine is the number of characters above which a line counts as long.
const LongLine = 120

// Package holds the figures of one package, or of several added up by Sum.
type Package struct {
	Folder string `json:"folder"`
	// Files and Funcs are the lengths, in lines, of each file and each function.
	Files []int `json:"files"`
	Funcs []int `json:"funcs"`
	// Exported counts exported types, functions, constants, variables, and the
	// exported methods of exported types. Names counts them without the methods.
	Exported int `json:"exported"`
	Names    int `json:"names"`
	// Documented counts those of them that have a comment of their own or share that
	// of their group.
	Documented int `json:"documented"`
	// Methods counts the methods of each type, exported or not, by the type's name.
	Methods map[string]int `json:"methods"`
	// Lines counts all lines, Comments those that hold nothing but a comment, Long
	// those with more than LongLine characters.
	Lines    int   `json:"lines"`
	Comments int   `json:"comments"`
	Long     int   `json:"long"`
	Words    Words `json:"words"`
}

// Sum adds packages up under the given name. Types of different packages keep
// their methods apart.
func Sum(name string, packages []Package) Package {
	out := Package{Folder: name, Methods: map[string]int{}}
	for _, p := range packages {
		out.Files, out.Funcs = append(out.Files, p.Files...), append(out.Funcs, p.Funcs...)
		out.Exported += p.Exported
		out.Names += p.Names
		out.Documented += p.Documented
		out.Lines += p.Lines
		out.Comments += p.Comments
		out.Long += p.Long
		out.Words = out.Words.plus(p.Words)
		for name, count := range p.Methods {
			out.Methods[p.Folder+"."+name] = count
		}
	}
	return out
}

// add counts one file. foreign says that its names are not the package's to choose;
// then only lengths and comments count.
func (p *Package) add(files *token.FileSet, file *ast.File, source string, foreign bool) {
	lines := strings.Split(strings.TrimSuffix(source, "\n"), "\n")
	p.Files = append(p.Files, len(lines))
	p.Lines += len(lines)
	for _, line := range lines {
		if utf8.RuneCountInString(line) > LongLine {
			p.Long++
		}
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			p.Comments++
		}
	}
	for _, group := range file.Comments {
		p.Words = p.Words.plus(count(group.Text()))
	}
	for _, decl := range file.Decls {
		d, function := decl.(*ast.FuncDecl)
		if function && d.Body != nil {
			p.Funcs = append(p.Funcs, files.Position(d.End()).Line-files.Position(d.Pos()).Line+1)
		}
		switch group, other := decl.(*ast.GenDecl); {
		case foreign:
		case function:
			p.function(d)
		case other:
			p.group(group)
		}
	}
}

func (p *Package) function(d *ast.FuncDecl) {
	if d.Recv != nil {
		name := receiver(d.Recv.List[0].Type)
		p.Methods[name]++
		if ast.IsExported(name) {
			p.member(d.Name, d.Doc != nil)
		}
		return
	}
	p.name(d.Name, d.Doc != nil)
}

// group counts the names of a type, const or var declaration. A comment above the
// group documents all of its names.
func (p *Package) group(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			p.name(s.Name, d.Doc != nil || s.Doc != nil || s.Comment != nil)
		case *ast.ValueSpec:
			for _, name := range s.Names {
				p.name(name, d.Doc != nil || s.Doc != nil || s.Comment != nil)
			}
		}
	}
}

// name counts a name of the package, if it is exported.
func (p *Package) name(name *ast.Ident, documented bool) {
	if name.IsExported() {
		p.Names++
	}
	p.member(name, documented)
}

// member counts a name of the package or a method, if it is exported.
func (p *Package) member(name *ast.Ident, documented bool) {
	if !name.IsExported() {
		return
	}
	p.Exported++
	if documented {
		p.Documented++
	}
}

// receiver returns the name of a method's type, without pointer and parameters.
func receiver(of ast.Expr) string {
	switch t := of.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
