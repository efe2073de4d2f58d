//go:build tools

// Package tools pins what "provide actionlint" builds.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
