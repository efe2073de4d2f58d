//go:build tools

// Package tools pins what "provide kaniko" builds.
package tools

import _ "github.com/GoogleContainerTools/kaniko/cmd/executor"
