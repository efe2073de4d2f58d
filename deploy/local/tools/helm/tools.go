//go:build tools

// Package tools pins what "provide helm" builds.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
