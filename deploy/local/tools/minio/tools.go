//go:build tools

// Package tools pins what "provide minio" builds.
package tools

import _ "github.com/minio/minio"
