// Ignore-oracle says what Docker's own libraries make of .dockerignore files, and what Go reads
// from archives.
//
// It reads one JSON object per line (type Case) and prints one line for each: the paths that are
// left, as BuildKit's walk through a build context leaves them, or what is wrong. With -tar it
// reads a tar.gz instead and prints type, name and link target of each entry in hexadecimal digits.
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	gofs "io/fs"
	"os"
	"sort"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// Case is an ignore file and the files of a context; folders are those that files are in.
type Case struct {
	File  []byte   `json:"file"`
	Paths [][]byte `json:"paths"`
}

// Answer is what is left, folders too, in the walk's order.
type Answer struct {
	Kept  [][]byte `json:"kept"`
	Error string   `json:"error"`
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-tar" {
		check(list(os.Stdin))
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		var c Case
		check(json.Unmarshal(lines.Bytes(), &c))
		answer := Answer{Kept: [][]byte{}}
		kept, err := walk(c)
		if err != nil {
			answer.Error = err.Error()
		} else {
			answer.Kept = kept
		}
		line, err := json.Marshal(answer)
		check(err)
		_, err = fmt.Fprintf(out, "%s\n", line)
		check(err)
	}
	check(lines.Err())
	check(out.Flush())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// walk does what BuildKit does with a local context: its frontend reads the file and makes a
// matcher (frontend/dockerui, dockerfile2llb), and the client walks through a filter
// (session/filesync).
func walk(c Case) ([][]byte, error) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(c.File))
	if err != nil {
		return nil, err
	}
	if _, err := patternmatcher.New(patterns); err != nil {
		return nil, err
	}
	filtered, err := fsutil.NewFilterFS(tree(c.Paths), &fsutil.FilterOpt{ExcludePatterns: patterns})
	if err != nil {
		return nil, err
	}
	kept := [][]byte{}
	err = filtered.Walk(context.Background(), "/", func(path string, _ gofs.DirEntry, err error) error {
		kept = append(kept, []byte(path))
		return err
	})
	return kept, err
}

// memory is a context that is nowhere on disk.
type memory []*fsutil.DirEntryInfo

// tree makes a context of files; like a walk through folders, in the order of their parts.
func tree(paths [][]byte) memory {
	seen := map[string]bool{}
	var entries memory
	for _, each := range paths {
		path := string(each)
		for i, b := range path {
			if b == '/' && !seen[path[:i]] {
				seen[path[:i]] = true
				entries = append(entries, entry(path[:i], gofs.ModeDir|0o755))
			}
		}
		entries = append(entries, entry(path, 0o644))
	}
	sort.Slice(entries, func(a, b int) bool {
		return strings.ReplaceAll(entries[a].Path, "/", "\x00") < strings.ReplaceAll(entries[b].Path, "/", "\x00")
	})
	return entries
}

func entry(path string, mode gofs.FileMode) *fsutil.DirEntryInfo {
	return &fsutil.DirEntryInfo{Stat: &types.Stat{Path: path, Mode: uint32(mode)}}
}

// Walk visits everything but what is in folders that are to be skipped.
func (m memory) Walk(_ context.Context, _ string, fn gofs.WalkDirFunc) error {
	skipped := "/"
	for _, each := range m {
		if strings.HasPrefix(each.Path, skipped) {
			continue
		}
		switch err := fn(each.Path, each, nil); {
		case err == gofs.SkipDir && each.IsDir():
			skipped = each.Path + "/"
		case err != nil:
			return err
		}
	}
	return nil
}

// Open has nothing to open.
func (m memory) Open(path string) (io.ReadCloser, error) {
	return nil, &gofs.PathError{Op: "open", Path: path, Err: gofs.ErrNotExist}
}

func list(from io.Reader) error {
	plain, err := gzip.NewReader(from)
	if err != nil {
		return err
	}
	archive := tar.NewReader(plain)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		fmt.Printf("%c %x %x\n", header.Typeflag, header.Name, header.Linkname)
	}
}
