package main

import (
	"bufio"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed *.py
var scripts embed.FS

// python is a contender in a process of its own; serve.py has the other end.
type python struct {
	p       problem
	script  string // its name
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startPython starts a script of the folder, which belongs to the caller.
func startPython(interpreter, script string) (contender, error) {
	c := &python{script: filepath.Base(script), command: exec.Command(interpreter, script)}
	c.command.Stderr = os.Stderr
	c.command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	in, err := c.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.in, c.out = in, bufio.NewReader(out)
	return c, c.command.Start()
}

// ask sends a request, with numbers after it, and returns the numbers of the reply.
func (c *python) ask(request string, after ...[]float32) ([]float64, error) {
	reply, err := c.exchange(request, after)
	if err != nil {
		return nil, fmt.Errorf("%s: %q: %w", c.script, request, err)
	}
	return reply, nil
}

func (c *python) exchange(request string, after [][]float32) ([]float64, error) {
	w := bufio.NewWriterSize(c.in, 1<<16)
	fmt.Fprintln(w, request)
	for _, x := range after {
		for _, v := range x {
			w.Write(binary.LittleEndian.AppendUint32(w.AvailableBuffer(), math.Float32bits(v)))
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	line, err := c.out.ReadString('\n')
	if err == io.EOF {
		return nil, errors.New("Python has ended")
	} else if err != nil {
		return nil, err
	}
	return numbers(line)
}

// numbers reads a reply.
func numbers(line string) ([]float64, error) {
	var all []float64
	for _, word := range strings.Fields(line) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, fmt.Errorf("the reply %q has no number at %q", strings.TrimSpace(line), word)
		}
		all = append(all, v)
	}
	return all, nil
}

// one is ask for a reply of one number.
func (c *python) one(request string) (float64, error) {
	reply, err := c.ask(request)
	if err == nil && len(reply) != 1 {
		err = fmt.Errorf("%s: %q: the reply has %d numbers, want 1", c.script, request, len(reply))
	}
	if err != nil {
		return 0, err
	}
	return reply[0], nil
}

// seconds is one for a reply that is a time.
func (c *python) seconds(request string) (time.Duration, error) {
	s, err := c.one(request)
	return time.Duration(s * float64(time.Second)), err
}

func (c *python) start(p problem) error {
	c.p = p
	request := fmt.Sprintf("start %s %d %g %d %d %d", p.network(), p.batch, p.lr, p.seed, len(p.pool.y), len(p.test.y))
	_, err := c.ask(request, slices.Concat(p.params, [][]float32{p.pool.x, p.pool.y, p.test.x, p.test.y})...)
	return err
}

func (c *python) check() ([]float64, error) {
	if !c.p.inference {
		return c.ask("check")
	}
	reply, err := c.ask("outputs")
	if err != nil {
		return nil, err
	}
	outputs := make([]float32, len(reply))
	for i, v := range reply {
		outputs[i] = float32(v)
	}
	loss, err := c.p.lossOf(outputs)
	return []float64{loss}, err
}

func (c *python) run(calls int) (time.Duration, error) {
	if c.p.inference {
		return c.seconds("infer " + strconv.Itoa(calls))
	}
	return c.seconds("train " + strconv.Itoa(calls))
}

func (c *python) epoch() (time.Duration, error) { return c.seconds("epoch") }

func (c *python) accuracy() (float64, error) { return c.one("accuracy") }

// do says nothing about a failure of settle: the next request shows it.
func (c *python) do(block func()) {
	block()
	c.ask("settle")
}

func (c *python) close() error {
	return errors.Join(c.in.Close(), c.command.Wait())
}
