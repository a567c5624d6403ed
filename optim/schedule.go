package optim

import "math"

// Schedule gives the learning rate of a step, the first being step 0. It is computed
// in float64, with the same bits on every CPU.
type Schedule func(step int) float64

// Constant is lr at every step.
func Constant(lr float64) Schedule {
	return func(int) float64 { return lr }
}

// StepDecay is lr, multiplied by factor after every so many steps. It panics if
// every is below 1.
func StepDecay(lr, factor float64, every int) Schedule {
	if every < 1 {
		panic("optim: StepDecay: every is below 1")
	}
	return func(step int) float64 {
		rate, power := lr, factor
		for n := step / every; n > 0; n /= 2 {
			if n%2 == 1 {
				rate *= power
			}
			power *= power
		}
		return rate
	}
}

// Cosine rises from lr/warmup to lr in the first warmup steps, then falls along half
// a cosine to 0 at step total, where it stays (Loshchilov and Hutter, "SGDR:
// Stochastic Gradient Descent with Warm Restarts", ICLR 2017). It panics unless
// 0 <= warmup < total.
func Cosine(lr float64, warmup, total int) Schedule {
	if warmup < 0 || warmup >= total {
		panic("optim: Cosine: want 0 <= warmup < total")
	}
	return func(step int) float64 {
		if step < warmup {
			return lr * float64(step+1) / float64(warmup)
		}
		if step >= total {
			return 0
		}
		c := cos(math.Pi / 2 * float64(step-warmup) / float64(total-warmup))
		return lr * float64(c*c) // (1 + cos 2x) / 2
	}
}

// cos is the cosine of 0 <= x <= pi/2, by its Taylor polynomial of degree 22, good
// to 1e-15; math.Cos differs between CPUs.
func cos(x float64) float64 {
	z := float64(x * x)
	c := 1.0
	for n := 22.0; n > 0; n -= 2 {
		c = 1 - float64(c*z)/(n*(n-1))
	}
	return c
}
