// Command table shows the doctor all faulty programs and healthy runs, and prints what
// it says of them as Markdown. What is missed or a false alarm goes to the standard
// error, a line each.
//
//	go run ./internal/ailments/table
//	go run ./internal/ailments/table -write  into doctor/README.md, between its markers
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/db75a6f2/downhill/internal/ailments"
)

const begin, end = "<!-- table: go run ./internal/ailments/table -write -->\n", "<!-- end of table -->\n"

func main() {
	write := flag.Bool("write", false, "write the table into the file")
	file := flag.String("file", "doctor/README.md", "file with the table's markers")
	flag.Parse()
	if err := show(*write, *file); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func show(write bool, file string) error {
	table := ailments.Make(context.Background(), true)
	if err := table.Missed(os.Stderr); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := table.WriteMarkdown(&text); err != nil {
		return err
	}
	if !write {
		_, err := os.Stdout.Write(text.Bytes())
		return err
	}
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	replaced, err := between(old, text.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, replaced, 0o644)
}

// between replaces what is between the markers of a text.
func between(old, middle []byte) ([]byte, error) {
	head, rest, ok := bytes.Cut(old, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		return nil, fmt.Errorf("no lines %q and %q", begin, end)
	}
	return bytes.Join([][]byte{head, []byte(begin), middle, []byte(end), tail}, nil), nil
}
