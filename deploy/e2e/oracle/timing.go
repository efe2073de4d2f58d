package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// timing reads all files of a folder again and again for about the given time, once with BuildKit's
// parser alone and once with what makes instructions of it, and prints bytes a second of both.
func timing(folder string, atLeast time.Duration) error {
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return err
	}
	var files [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, data)
	}
	parse := func(data []byte) {
		_, _ = parser.Parse(bytes.NewReader(data))
	}
	read := func(data []byte) {
		if tree, err := parser.Parse(bytes.NewReader(data)); err == nil {
			_, _, _ = instructions.Parse(tree.AST, nil)
		}
	}
	for _, do := range []func([]byte){parse, read} {
		size, start := 0, time.Now()
		for time.Since(start) < atLeast {
			for _, data := range files {
				do(data)
				size += len(data)
			}
		}
		fmt.Printf("%.0f\n", float64(size)/time.Since(start).Seconds())
	}
	return nil
}
