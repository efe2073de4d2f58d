//go:build tools

// Package tools pins what "provide kube-router" builds.
package tools

import _ "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router"
