package doctor

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// TestReportJSON: what WriteJSON writes can be read.
func TestReportJSON(t *testing.T) {
	want := Report{{Rule: "a/b", Severity: Fault}, {Rule: "c/d", Severity: Warning}, {Rule: "e/f", Severity: Note}}
	var b bytes.Buffer
	if err := want.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got Report
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`[{"severity": "dire"}]`), &got); err == nil || !strings.Contains(err.Error(), `"dire"`) {
		t.Errorf("the error is %v", err)
	}
}
