// Command umask stands in front of Kaniko in a cluster. Argo's emissary, which starts every container's
// command, sets its umask to 0 (workflow/executor/osspecific/umask_linux.go), so that all that a RUN
// makes could be written by everybody. This sets the usual one and becomes Kaniko.
package main

import (
	"fmt"
	"os"
	"syscall"
)

const kaniko = "/kaniko/kaniko"

func main() {
	syscall.Umask(0o22)
	err := syscall.Exec(kaniko, append([]string{kaniko}, os.Args[1:]...), os.Environ())
	fmt.Fprintf(os.Stderr, "cannot start %s: %v\n", kaniko, err)
	os.Exit(1)
}
