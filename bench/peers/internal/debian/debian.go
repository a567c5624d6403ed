// Package debian asks Debian for packages.
package debian

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// Find returns the path in an installed package that ends so.
func Find(pkg, end string) (string, error) {
	listing, err := exec.Command("dpkg", "-L", pkg).Output()
	if err != nil {
		return "", fmt.Errorf("needs the Debian package %s (-install, or apt-get install %[1]s): dpkg: %w", pkg, err)
	}
	files := strings.Split(string(listing), "\n")
	i := slices.IndexFunc(files, func(f string) bool { return strings.HasSuffix(f, end) })
	if i < 0 {
		return "", fmt.Errorf("the Debian package %s has no %s", pkg, end)
	}
	return files[i], nil
}

// Version names the package with its version, if that is known.
func Version(pkg string) string {
	version, _ := exec.Command("dpkg-query", "-W", "-f", "${Version}", pkg).Output()
	return strings.TrimSpace(pkg + " " + string(version))
}

// Install gets packages, but for those that this release does not have: apt-get would
// install none at all. It needs root.
func Install(packages ...string) error {
	if err := get("update", "-qq"); err != nil {
		return err
	}
	args := []string{"install", "-y", "--no-install-recommends"}
	for _, pkg := range packages {
		if err := exec.Command("apt-cache", "show", pkg).Run(); err != nil {
			fmt.Fprintf(os.Stderr, "peers: there is no package %s to install: apt-cache show: %v\n", pkg, err)
			continue
		}
		args = append(args, pkg)
	}
	return get(args...)
}

func get(args ...string) error {
	apt := exec.Command("apt-get", append([]string{"-o", "DPkg::Lock::Timeout=300"}, args...)...)
	apt.Stdout, apt.Stderr = os.Stderr, os.Stderr
	if err := apt.Run(); err != nil {
		return fmt.Errorf("%s: %w (it needs Debian and root)", apt, err)
	}
	return nil
}
