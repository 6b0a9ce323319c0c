//go:build tools

// Package tools names the program that the module builds, so that go.mod keeps it.
package tools

import _ "sigs.k8s.io/kustomize/kustomize/v5"
