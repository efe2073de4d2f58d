//go:build tools

// Package tools pins what "provide registry" builds.
package tools

import _ "github.com/distribution/distribution/v3/cmd/registry"
