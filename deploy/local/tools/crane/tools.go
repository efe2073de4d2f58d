//go:build tools

// Package tools pins what "provide crane" builds.
package tools

import _ "github.com/google/go-containerregistry/cmd/crane"
