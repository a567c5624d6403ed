package layers

import (
	"errors"
	"strconv"
)

// Check returns an error if Standardise or Classes do not fit the layers: it says which of
// them, and what was expected. [Sequential.Encode], [Decode] and onnx.Export refuse such a
// network.
func (s *Sequential[T]) Check() error {
	if err := s.checkExtras(); err != nil {
		return errors.New("layers: " + err.Error())
	}
	return nil
}

// checkExtras is Check, to be part of a longer message.
func (s *Sequential[T]) checkExtras() error {
	in, out := s.size()
	if a := s.Standardise; a != nil {
		if in == 0 {
			in = len(a.Mean)
		}
		if len(a.Mean) != in || len(a.Scale) != in {
			return errors.New("Sequential.Standardise: " + strconv.Itoa(len(a.Mean)) + " means and " +
				strconv.Itoa(len(a.Scale)) + " scales, want " + strconv.Itoa(in) + " of each")
		}
		for i := range a.Mean {
			if !finite(a.Mean[i]) || !finite(a.Scale[i]) || a.Scale[i] == 0 {
				return errors.New("Sequential.Standardise: column " + strconv.Itoa(i) + " has the mean " + number(a.Mean[i]) +
					" and the scale " + number(a.Scale[i]))
			}
		}
	}
	want := max(out, 2) // a single logit says which of two
	if n := len(s.Classes); n > 0 && out > 0 && n != want {
		return errors.New("Sequential.Classes: " + strconv.Itoa(n) + " names of classes, want " + strconv.Itoa(want) + " or none")
	}
	return nil
}

// size is the width of what the first layer that is a Sizer takes, and of what the last
// one gives, or 0.
func (s *Sequential[T]) size() (in, out int) {
	for i := len(s.layers) - 1; i >= 0; i-- {
		if sizer, ok := s.layers[i].(Sizer); ok {
			var o int
			if in, o = sizer.Size(); out == 0 {
				out = o
			}
		}
	}
	return in, out
}
