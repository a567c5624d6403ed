package ailments

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Run is a network that learns as it should.
type Run struct {
	Name   string // what it is made of
	Group  string // what is special about it
	recipe recipe
}

// Build makes the network and what it learns from.
func (r Run) Build() Subject {
	if r.recipe.single {
		return cook[float32](r.recipe)
	}
	return cook[float64](r.recipe)
}

// groups are kinds of healthy runs that a doctor may take for ill: most of them look
// like a fault to some rule.
var groups = []string{
	"fresh", "regression", "small batches", "large batches", "converged", "imbalanced", "tiny data", "dropout", "hand-written layers",
	"other first weights", "other first weights, converged", "unusual targets",
}

// RunsInGroup is the number of healthy runs in each group.
const RunsInGroup = 40

// Healthy returns the healthy runs: in each group some for every data set, depth,
// activation, loss and optimiser that the group allows, with seeds of their own. What
// does not learn by nature is left out: linear networks on what is not linear, and
// sigmoids more than two deep.
func Healthy() []Run {
	var all []Run
	for g, group := range groups {
		for i := range RunsInGroup {
			r := newRecipe(group, uint64(g*RunsInGroup+i), i)
			all = append(all, Run{r.String(), group, r})
		}
	}
	return all
}

// recipe is what a healthy run is made of.
type recipe struct {
	group, set, act, loss, optimizer string
	weights                          string // one of customary, or none for those of stackFrom

	seed         uint64
	depth, width int // dense layers, units in hidden ones
	batch        int
	single       bool // float32
	validation   bool
}

func (r recipe) String() string {
	kind := "float64"
	if r.single {
		kind = "float32"
	}
	s := fmt.Sprintf("%s %d: %s, %d x %d %s, %s, %s, batch %d, %s", r.group, r.seed, r.set, r.depth, r.width, r.act, r.loss, r.optimizer, r.batch, kind)
	if r.weights != "" {
		s += ", " + r.weights
	}
	return s
}

// converged says whether the network has been trained when the doctor sees it.
func (r recipe) converged() bool { return strings.HasSuffix(r.group, "converged") }

// separable are sets on which a linear network does well.
var separable = map[string]bool{
	"digits": true, "breast cancer": true, "wine": true, "iris": true, "blobs": true, "line": true, "houses": true, "rare": true, "eight": true,
	"series": true, "counts": true, "shares": true, "fraud": true,
}

// newRecipe is number i of a group.
func newRecipe(group string, seed uint64, i int) recipe {
	r := rand.New(rand.NewPCG(seed, 41))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	c := recipe{group: group, seed: seed, depth: 1 + i%6, single: i/6%2 == 0, validation: r.IntN(3) == 0}
	c.width = []int{12, 16, 24, 32}[r.IntN(4)]
	c.batch = []int{8, 16, 32, 64}[r.IntN(4)]
	c.act = pick("relu", "leaky", "tanh", "sigmoid")
	c.optimizer = pick("sgd", "momentum", "nesterov", "adamw")
	c.set = pick("digits", "breast cancer", "wine", "iris", "moons", "spirals", "blobs")
	c.loss = pick("softmax", "one-hot")
	switch group {
	case "regression":
		c.set, c.loss = pick("line", "waves", "houses"), "square"
	case "imbalanced":
		c.set = "rare"
	case "small batches":
		c.batch = []int{1, 2, 4}[r.IntN(3)]
	case "large batches":
		c.batch = []int{128, 256}[r.IntN(2)]
	case "dropout":
		c.depth = max(2, c.depth)
	case "hand-written layers":
		c.loss = "own"
		c.set = pick("digits", "breast cancer", "wine", "iris", "moons", "blobs", "line", "waves")
		c.act = pick("relu", "tanh", "sigmoid")
	case "other first weights", "other first weights, converged":
		c.weights = customary[i%len(customary)]
		c.depth = min(3, c.depth) // what suits one activation fades or grows with another
		c.width = []int{4, 8, 16, 32}[r.IntN(4)]
		if r.IntN(3) == 0 {
			c.set, c.loss = pick("line", "waves", "houses"), "square"
		}
	case "unusual targets":
		kind := [][2]string{{"series", "square"}, {"counts", "absolute"}, {"counts", "huber"}, {"parity", "binary"}, {"shares", "binary"}, {"fraud", "binary"}}[r.IntN(6)]
		c.set, c.loss = kind[0], kind[1]
		c.optimizer = "adamw"
		c.batch = max(32, c.batch)
		c.act = pick("relu", "leaky", "tanh")
		if c.set == "parity" { // takes some depth, and holds for no other rows
			c.depth, c.width, c.validation = max(3, c.depth), 32, false
		}
	case "tiny data":
		c.set = pick("eight", "xor")
		c.batch, c.validation = 8, false
	}
	if c.loss != "own" && (c.set == "moons" || c.set == "rare" || c.set == "breast cancer" || c.set == "eight") && r.IntN(2) == 0 {
		c.loss = pick("binary", "probability")
	}
	if !separable[c.set] {
		c.depth = max(2, c.depth)
	}
	if c.set == "spirals" {
		c.depth, c.width, c.optimizer = max(3, c.depth), 32, "adamw"
		c.act = pick("relu", "leaky", "tanh")
	}
	if c.act == "sigmoid" {
		c.depth = min(2, c.depth)
		if c.set == "moons" || c.set == "xor" || c.set == "waves" {
			c.optimizer = "adamw"
		}
	}
	return c
}

// rate is a learning rate that people would begin with.
func (r recipe) rate() float64 {
	var lr float64
	switch r.optimizer {
	case "sgd":
		lr = 0.1
	case "adamw":
		lr = 0.005
	default:
		lr = 0.02
	}
	if r.act == "sigmoid" {
		lr *= 2
	}
	if r.depth > 4 || r.loss == "square" {
		lr /= 2
	}
	if r.batch < 8 {
		lr /= 4
	}
	return lr
}
