module github.com/db75a6f2/downhill/bench/peers

go 1.24.0

require (
	github.com/db75a6f2/downhill v0.0.0
	gonum.org/v1/gonum v0.17.0
)

replace github.com/db75a6f2/downhill => ../..
