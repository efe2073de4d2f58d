//go:build tools

// Package tools pins what "provide kube-apiserver" builds.
package tools

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
