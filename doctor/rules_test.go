package doctor

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRules: README.md has every rule, and no other.
func TestRules(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z]+/[a-z-]+) \|`).FindAllStringSubmatch(string(readme), -1) {
		documented[m[1]] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	rule := regexp.MustCompile(`"((?:data|labels|loss|layers|init|start|gradient|lr|optimizer|learn|watch)/[a-z-]+)"`)
	named := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rule.FindAllStringSubmatch(string(code), -1) {
			named[m[1]] = true
			if !documented[m[1]] {
				t.Errorf("%s names the rule %s, which README.md has not", file, m[1])
			}
		}
	}
	for r := range documented {
		if !named[r] {
			t.Errorf("README.md has the rule %s, which is named nowhere", r)
		}
	}
}
