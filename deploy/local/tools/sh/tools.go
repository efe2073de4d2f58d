//go:build tools

// Package tools pins what "provide sh" builds.
package tools

import _ "mvdan.cc/sh/v3/cmd/gosh"
