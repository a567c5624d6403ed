//go:build gc && !purego && !noasm && !msan && !asan

package downhill

// sets are the kernel sets of this build, the one to prefer last.
var sets = [...]*set{&exact, &generic, &avx2, &avx512, &avx512Halves}

// The assembly is declared with the sets that it makes up. Each function does what
// the one of its name in kernels_exact.go, kernels_generic.go, functions.go, pack.go or gather.go
// does, to the bit; tiles are described at strip.

// headStart is lead of all these: some 75 ns, by which a worker on a core nearby begins after its owner.
const headStart = 7500

var avx2 = set{
	name: "avx2", needs: avx2fma, fused: true,
	f32: kernels[float32]{
		strips: []strip[float32]{
			{min: 16, max: 16, rows: 6, tiles: tilesFullAVX2f32},
			{min: 9, max: 16, rows: 6, tiles: tilesPartAVX2f32},
			{min: 1, max: 8, rows: 6, tiles: tilesHalfAVX2f32},
		},
		mr: 6, nr: 16, lanes: 8, mc: 96, kc: 2 * kb, deep: 2 * kb, nc: 512, unpacked: 1 << 16, straight: never, climbs: true, lead: headStart, one: []float32{1},
		plain: plain[float32]{
			scal:      scalAVX2f32,
			add:       addAVX2f32,
			mul:       mulAVX2f32,
			shift:     shiftAVX2f32,
			div:       divAVX2f32,
			relu:      reluAVX2f32,
			reluGrad:  reluGradAVX2f32,
			adam:      adamAVX2f32,
			sum:       sumAVX2f32,
			max:       maxAVX2f32,
			transpose: transposef32,
			gather:    gatherf32,
			fetch:     fetchf32,
		},
		axpy:    axpyAVX2f32,
		dot:     dotAVX2f32,
		exp:     expAVX2f32,
		log:     logAVX2f32,
		sigmoid: sigmoidAVX2f32,
		tanh:    tanhAVX2f32,
	},
	f64: kernels[float64]{
		strips: []strip[float64]{
			{min: 8, max: 8, rows: 6, tiles: tilesFullAVX2f64},
			{min: 5, max: 8, rows: 6, tiles: tilesPartAVX2f64},
			{min: 1, max: 4, rows: 6, tiles: tilesHalfAVX2f64},
		},
		mr: 6, nr: 8, lanes: 4, mc: 96, kc: 2 * kb, deep: 2 * kb, nc: 256, unpacked: 1 << 15, straight: never, climbs: true, lead: headStart, one: []float64{1},
		plain: plain[float64]{
			scal:      scalAVX2f64,
			add:       addAVX2f64,
			mul:       mulAVX2f64,
			shift:     shiftAVX2f64,
			div:       divAVX2f64,
			relu:      reluAVX2f64,
			reluGrad:  reluGradAVX2f64,
			adam:      adamAVX2f64,
			sum:       sumAVX2f64,
			max:       maxAVX2f64,
			transpose: transposef64,
			gather:    gatherf64,
			fetch:     fetchf64,
		},
		axpy:    axpyAVX2f64,
		dot:     dotAVX2f64,
		exp:     expAVX2f64,
		log:     logAVX2f64,
		sigmoid: sigmoidAVX2f64,
		tanh:    tanhAVX2f64,
	},
}

// transposef32 is transpose, by blocks where there is one.
func transposef32(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	if rows < 8 || cols < 8 {
		transpose(dst, ldd, src, lds, rows, cols)
		return
	}
	transposeBlocksf32(dst, ldd, src, lds, rows, cols)
}

// transposef64 is transpose, by blocks where there is one.
func transposef64(dst []float64, ldd int, src []float64, lds, rows, cols int) {
	if rows < 4 || cols < 4 {
		transpose(dst, ldd, src, lds, rows, cols)
		return
	}
	transposeBlocksf64(dst, ldd, src, lds, rows, cols)
}

// gatherf32 is gather, by vectors where there is one.
func gatherf32(dst, src []float32, lds, rows, cols int) {
	if cols < 8 {
		gather(dst, src, lds, rows, cols)
		return
	}
	gatherRowsf32(dst, src, lds, rows, cols)
}

// gatherf64 is gather, by vectors where there is one.
func gatherf64(dst, src []float64, lds, rows, cols int) {
	if cols < 4 {
		gather(dst, src, lds, rows, cols)
		return
	}
	gatherRowsf64(dst, src, lds, rows, cols)
}

//go:noescape
func gatherRowsf32(dst, src []float32, lds, rows, cols int)

//go:noescape
func gatherRowsf64(dst, src []float64, lds, rows, cols int)

//go:noescape
func fetchf32(x []float32)

//go:noescape
func fetchf64(x []float64)

//go:noescape
func transposeBlocksf32(dst []float32, ldd int, src []float32, lds, rows, cols int)

//go:noescape
func transposeBlocksf64(dst []float64, ldd int, src []float64, lds, rows, cols int)

//go:noescape
func tilesFullAVX2f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tilesPartAVX2f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tilesHalfAVX2f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func axpyAVX2f32(alpha float32, x, y []float32)

//go:noescape
func scalAVX2f32(alpha float32, x []float32)

//go:noescape
func addAVX2f32(dst, x, y []float32)

//go:noescape
func mulAVX2f32(dst, x, y []float32)

//go:noescape
func shiftAVX2f32(dst, x []float32, y float32)

//go:noescape
func divAVX2f32(dst, x []float32, y float32)

//go:noescape
func reluAVX2f32(dst, x []float32)

//go:noescape
func reluGradAVX2f32(dx, dy, y []float32)

//go:noescape
func adamAVX2f32(w, m, v, g []float32, f *AdamFactors[float32])

//go:noescape
func sumAVX2f32(x []float32) float32

//go:noescape
func dotAVX2f32(x, y []float32) float32

//go:noescape
func maxAVX2f32(x []float32) float32

//go:noescape
func expAVX2f32(dst, x []float32)

//go:noescape
func logAVX2f32(dst, x []float32)

//go:noescape
func sigmoidAVX2f32(dst, x []float32)

//go:noescape
func tanhAVX2f32(dst, x []float32)

//go:noescape
func tilesFullAVX2f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tilesPartAVX2f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tilesHalfAVX2f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func axpyAVX2f64(alpha float64, x, y []float64)

//go:noescape
func scalAVX2f64(alpha float64, x []float64)

//go:noescape
func addAVX2f64(dst, x, y []float64)

//go:noescape
func mulAVX2f64(dst, x, y []float64)

//go:noescape
func shiftAVX2f64(dst, x []float64, y float64)

//go:noescape
func divAVX2f64(dst, x []float64, y float64)

//go:noescape
func reluAVX2f64(dst, x []float64)

//go:noescape
func reluGradAVX2f64(dx, dy, y []float64)

//go:noescape
func adamAVX2f64(w, m, v, g []float64, f *AdamFactors[float64])

//go:noescape
func sumAVX2f64(x []float64) float64

//go:noescape
func dotAVX2f64(x, y []float64) float64

//go:noescape
func maxAVX2f64(x []float64) float64

//go:noescape
func expAVX2f64(dst, x []float64)

//go:noescape
func logAVX2f64(dst, x []float64)

//go:noescape
func sigmoidAVX2f64(dst, x []float64)

//go:noescape
func tanhAVX2f64(dst, x []float64)
