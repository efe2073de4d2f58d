// Oracle says where a rewritten Dockerfile is not what BuildKit's own parser makes of the original.
//
// It reads one JSON object per line (type Case) and prints one line per disagreement, then a line
// with counts; with -time and a folder it times BuildKit's parser instead. It decides by itself, with BuildKit's parser, shell lexer and Docker's reference
// grammar, what every operand that names an image must become.
package main

import (
	"bufio"
	"bytes"
	_ "crypto/sha256" // so that digests are known
	_ "crypto/sha512"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Case is a file before and after, and what the rewriter was told.
type Case struct {
	Name      string            `json:"name"`
	Original  []byte            `json:"original"`
	Rewritten []byte            `json:"rewritten"`
	Refused   bool              `json:"refused"`
	BuildArgs map[string]string `json:"buildArgs"`
	Proxies   map[string]string `json:"proxies"`
}

// operand is a name of an image, or of something that could be taken for one.
type operand struct {
	kind, before, after string
}

// file is what BuildKit reads.
type file struct {
	operands []operand
	shape    []string
}

// errUnclear is what other instructions' arguments may be wrong in: the rewriter leaves them to the
// build, BuildKit looks at them at once.
var errUnclear = errors.New("unclear")

// unset stands in names for variables without a value.
const unset = "\x01"

var keywords = map[string]bool{}

func main() {
	for _, name := range strings.Fields("add arg cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell stopsignal user volume workdir") {
		keywords[name] = true
	}
	if len(os.Args) == 3 && os.Args[1] == "-time" {
		if err := timing(os.Args[2], 2*time.Second); err != nil {
			fmt.Println(err)
			os.Exit(2)
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	files, operands, changed, refused, unclear, bad := 0, 0, 0, 0, 0, 0
	for lines.Scan() {
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			fmt.Println("cannot read a case:", err)
			os.Exit(2)
		}
		files++
		original, err := read(c.Original, c)
		if err == errUnclear {
			unclear++
			continue
		} else if err != nil {
			refused++
		}
		for _, said := range disagreements(c, original, err) {
			bad++
			fmt.Printf("%s: %s\n", c.Name, said)
		}
		if err == nil {
			operands += len(original.operands)
			for _, o := range original.operands {
				if o.after != o.before {
					changed++
				}
			}
		}
	}
	fmt.Printf("files=%d operands=%d changed=%d refused=%d unclear=%d disagreements=%d\n", files, operands, changed, refused, unclear, bad)
}

func disagreements(c Case, original *file, refusal error) []string {
	if refusal != nil {
		if !c.Refused {
			return []string{"BuildKit refuses it and the rewriter does not: " + refusal.Error()}
		}
		if !bytes.Equal(c.Original, c.Rewritten) {
			return []string{"it was refused and changed all the same"}
		}
		return nil
	}
	if c.Refused {
		return []string{"the rewriter refuses it and BuildKit does not"}
	}
	rewritten, err := read(c.Rewritten, c)
	if err != nil {
		return []string{"BuildKit refuses the result: " + err.Error()}
	}
	var said []string
	if len(original.operands) != len(rewritten.operands) {
		return []string{fmt.Sprintf("%d operands became %d", len(original.operands), len(rewritten.operands))}
	}
	for i, o := range original.operands {
		if r := rewritten.operands[i]; r.before != o.after {
			said = append(said, fmt.Sprintf("%s %q should become %q and became %q", o.kind, o.before, o.after, r.before))
		}
	}
	if a, b := strings.Join(original.shape, "\n"), strings.Join(rewritten.shape, "\n"); a != b {
		said = append(said, fmt.Sprintf("other parts changed: %q became %q", a, b))
	}
	return said
}

// read refuses what BuildKit refuses of the instructions that matter here.
func read(data []byte, c Case) (*file, error) {
	tree, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	lexer := shell.NewLex(tree.EscapeToken)
	f := &file{}
	values := platformArgs(c.BuildArgs)
	defaults := variables{} // Kaniko's
	var stages []instructions.Stage
	var parsed []any
	for _, node := range tree.AST.Children {
		name := strings.ToLower(node.Value)
		if !keywords[name] {
			return nil, fmt.Errorf("line %d: unknown instruction %q", node.StartLine, node.Value)
		}
		var one any
		flags := node.Flags
		if name == "from" {
			node.Flags = nil // they do not matter here; which there are is the build's affair
		}
		switch name {
		case "from", "copy", "run", "arg", "onbuild":
			if one, err = instructions.ParseInstruction(node); err != nil && name != "from" {
				return nil, errUnclear
			} else if err != nil {
				return nil, err
			}
		}
		if stage, ok := one.(*instructions.Stage); ok {
			stages = append(stages, *stage)
		} else if arg, ok := one.(*instructions.ArgCommand); ok && len(stages) == 0 {
			declare(lexer, values, arg, c.BuildArgs)
			declareByKaniko(defaults, arg, c.BuildArgs)
			f.shape = append(f.shape, node.Dump())
			continue
		} else if len(stages) == 0 {
			return nil, fmt.Errorf("line %d: no build stage in current context", node.StartLine)
		}
		parsed = append(parsed, one)
		f.shape = append(f.shape, shape(node, flags, one))
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("dockerfile contains no stages to build")
	}
	all, earlier := map[string]bool{}, map[string]bool{}
	for _, stage := range stages {
		all[stage.Name] = stage.Name != ""
	}
	for _, one := range parsed {
		switch command := one.(type) {
		case *instructions.Stage:
			name, known := expand(lexer, values, command.BaseName)
			o := operand{"FROM", command.BaseName, command.BaseName}
			if known && !earlier[strings.ToLower(name)] && byKaniko(defaults, command.BaseName, c.BuildArgs) == name {
				o = image("FROM", command.BaseName, name, c.Proxies)
			}
			f.operands = append(f.operands, o)
			if command.Name != "" {
				earlier[command.Name] = true
			}
		case *instructions.CopyCommand:
			if command.From == "" {
				continue
			}
			o := operand{"COPY", command.From, command.From}
			if index, err := strconv.Atoi(command.From); err == nil {
				if index < 0 || index >= len(stages) {
					return nil, fmt.Errorf("invalid stage index %d", index)
				}
			} else if !all[strings.ToLower(command.From)] && !strings.Contains(command.From, "$") {
				o = image("COPY", command.From, command.From, c.Proxies)
			}
			f.operands = append(f.operands, o)
		case *instructions.RunCommand:
			for _, mount := range instructions.GetMounts(command) {
				if mount.From == "" {
					continue
				}
				o := operand{"RUN", mount.From, mount.From}
				if !all[strings.ToLower(mount.From)] {
					o = image("RUN", mount.From, mount.From, c.Proxies)
				}
				f.operands = append(f.operands, o)
			}
		}
	}
	return f, nil
}

var from = regexp.MustCompile(`(?i)(from=)[^,"]*`)

// shape is everything about an instruction but the names of images.
func shape(node *parser.Node, flags []string, one any) string {
	var said strings.Builder
	fmt.Fprintf(&said, "%s", strings.ToLower(node.Value))
	for _, flag := range flags {
		switch one.(type) {
		case *instructions.CopyCommand, *instructions.RunCommand:
			flag = from.ReplaceAllString(flag, "$1@")
		}
		fmt.Fprintf(&said, " [%s]", flag)
	}
	first := true
	for next := node.Next; next != nil; next = next.Next {
		if _, ok := one.(*instructions.Stage); !ok || !first {
			fmt.Fprintf(&said, " %q", next.Value)
			for _, child := range next.Children {
				fmt.Fprintf(&said, " (%s)", child.Dump())
			}
		}
		first = false
	}
	for _, heredoc := range node.Heredocs {
		fmt.Fprintf(&said, " <<%s %q", heredoc.Name, heredoc.Content)
	}
	return said.String()
}

type variables map[string]string

func (v variables) Get(name string) (string, bool) { value, ok := v[name]; return value, ok }

func (v variables) Keys() []string {
	var keys []string
	for key := range v {
		keys = append(keys, key)
	}
	return keys
}

var platform = []string{
	"BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT", "TARGETPLATFORM", "TARGETOS",
	"TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE",
}

func platformArgs(given map[string]string) variables {
	values := variables{}
	for _, name := range platform {
		if value, ok := given[name]; ok {
			values[name] = value
		}
	}
	return values
}

// declareByKaniko is what Kaniko 1.24 makes of an ARG: quotes around a default go first, and what
// the build was given counts in defaults whether it is declared or not.
func declareByKaniko(defaults variables, arg *instructions.ArgCommand, given map[string]string) {
	for _, pair := range arg.Args {
		if pair.Value == nil {
			continue
		}
		value := *pair.Value
		if last := len(value) - 1; last > 0 && (value[0] == '"' || value[0] == '\'') && value[last] == value[0] {
			value = value[1:last]
		}
		known := variables{}
		maps.Copy(known, defaults)
		maps.Copy(known, given)
		if result, ok := expand(shell.NewLex('\\'), known, value); ok {
			defaults[pair.Key] = result
		} else {
			delete(defaults, pair.Key)
		}
	}
}

// byKaniko is what Kaniko takes an operand of FROM for.
func byKaniko(defaults variables, word string, given map[string]string) string {
	known := variables{}
	maps.Copy(known, defaults)
	for name, value := range given {
		if value != "" {
			known[name] = value
		}
	}
	result, ok := expand(shell.NewLex('\\'), known, word)
	if !ok {
		return unset
	}
	return result
}

func declare(lexer *shell.Lex, values variables, arg *instructions.ArgCommand, given map[string]string) {
	for _, pair := range arg.Args {
		if value, ok := given[pair.Key]; ok {
			values[pair.Key] = value
		} else if pair.Value != nil {
			if value, known := expand(lexer, values, *pair.Value); known {
				values[pair.Key] = value
			} else {
				delete(values, pair.Key)
			}
		}
	}
}

var plain = regexp.MustCompile(`\$(?:(\w+)|\{(\w+)\}|[-@*#?$!])`)
var modified = regexp.MustCompile(`\$\{(\w+)[#%/]`)

// expand gives the value of a word, and whether it hangs on no variable without a value. A platform
// variable has one in BuildKit that only the build knows, and none in Kaniko.
func expand(lexer *shell.Lex, values variables, word string) (string, bool) {
	without, known := expandUnset(lexer, values, word)
	marked := variables{}
	for _, name := range platform {
		marked[name] = unset
	}
	maps.Copy(marked, values)
	with, err := lexer.ProcessWordWithMatches(mark(word, marked), marked)
	return without, known && err == nil && with.Result == without
}

func expandUnset(lexer *shell.Lex, values variables, word string) (string, bool) {
	literal := literals(word)
	for _, match := range modified.FindAllStringSubmatchIndex(word, -1) {
		if _, ok := values[word[match[2]:match[3]]]; !ok && !literal[match[0]] {
			return "", false
		}
	}
	result, err := lexer.ProcessWordWithMatches(mark(word, values), values)
	return result.Result, err == nil && !strings.Contains(result.Result, unset)
}

// mark writes the mark of an unset variable where one is used plainly.
func mark(word string, values variables) string {
	var marked strings.Builder
	literal, copied := literals(word), 0
	for _, at := range plain.FindAllStringIndex(word, -1) {
		match := plain.FindStringSubmatch(word[at[0]:at[1]])
		if _, ok := values[match[1]+match[2]]; !ok && !literal[at[0]] {
			marked.WriteString(word[copied:at[0]] + unset)
			copied = at[1]
		}
	}
	return marked.String() + word[copied:]
}

// literals says which bytes stand in single quotes, where a dollar sign is just one. Double quotes
// make single ones ordinary, until braces begin anew.
func literals(word string) []bool {
	literal := make([]bool, len(word))
	doubled := []bool{false}
	for i := 0; i < len(word); i++ {
		last := len(doubled) - 1
		switch c := word[i]; {
		case c == '\'' && !doubled[last]:
			for i++; i < len(word) && word[i] != '\''; i++ {
				literal[i] = true
			}
		case c == '"':
			doubled[last] = !doubled[last]
		case c == '$' && strings.HasPrefix(word[i+1:], "{"):
			doubled = append(doubled, false)
			i++
		case c == '}' && last > 0:
			doubled = doubled[:last]
		}
	}
	return literal
}

func image(kind, before, name string, proxies map[string]string) operand {
	left := operand{kind, before, before}
	named, err := reference.ParseNormalizedNamed(name)
	if name == "scratch" || err != nil {
		return left
	}
	host, path := reference.Domain(named), reference.Path(named)
	if !strings.ContainsAny(host, ".:") {
		return left // Kaniko's library takes it for a part of the path
	}
	for _, prefix := range proxies {
		if prefix == host || strings.HasPrefix(prefix, host+"/") {
			return left
		}
	}
	suffix := ""
	if tagged, ok := named.(reference.Tagged); ok {
		suffix += ":" + tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		suffix += "@" + digested.Digest().String()
	}
	var registries []string
	for registry := range proxies {
		registries = append(registries, registry)
	}
	sort.Slice(registries, func(a, b int) bool { return len(registries[a]) > len(registries[b]) })
	for _, registry := range registries {
		if full := host + "/" + path; strings.HasPrefix(full, registry+"/") {
			return operand{kind, before, proxies[registry] + strings.TrimPrefix(full, registry) + suffix}
		}
	}
	return left
}
