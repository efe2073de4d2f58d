// Oracle says where a rewritten Dockerfile is not what BuildKit's own parser makes of the original.
//
// It reads one JSON object per line (type Case) and prints one line per disagreement, then a line
// with counts. It decides by itself, with BuildKit's parser, shell lexer and Docker's reference
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
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"

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
			if known && !earlier[name] {
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

var platform = regexp.MustCompile(`^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$`)

func platformArgs(given map[string]string) variables {
	values := variables{}
	for name, value := range given {
		if platform.MatchString(name) {
			values[name] = value
		}
	}
	return values
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

// expand gives the value of a word, and whether it hangs on no variable without a value.
func expand(lexer *shell.Lex, values variables, word string) (string, bool) {
	marked := variables{}
	for key, value := range values {
		marked[key] = value
	}
	for _, match := range modified.FindAllStringSubmatch(word, -1) {
		if _, ok := marked[match[1]]; !ok {
			return "", false
		}
	}
	text := plain.ReplaceAllStringFunc(word, func(use string) string {
		match := plain.FindStringSubmatch(use)
		if _, ok := marked[match[1]+match[2]]; ok {
			return use
		}
		return unset
	})
	result, err := lexer.ProcessWordWithMatches(text, marked)
	return result.Result, err == nil && !strings.Contains(result.Result, unset)
}

func image(kind, before, name string, proxies map[string]string) operand {
	left := operand{kind, before, before}
	named, err := reference.ParseNormalizedNamed(name)
	if name == "scratch" || err != nil {
		return left
	}
	host, path := reference.Domain(named), reference.Path(named)
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
