//go:build tools

// Package tools pins what "provide etcd" builds.
package tools

import _ "go.etcd.io/etcd/server/v3"
