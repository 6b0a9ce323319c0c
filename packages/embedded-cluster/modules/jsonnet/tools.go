//go:build tools

// Package tools names the program that the module builds, so that go.mod keeps it.
package tools

import _ "github.com/google/go-jsonnet/cmd/jsonnet"
