//go:build gc && !purego && !noasm && !msan && !asan

package downhill

var avx512 = set{
	name: "avx512", needs: avx2fma | avx512f, fused: true,
	f32: kernels[float32]{
		strips: []strip[float32]{
			{min: 113, max: 128, rows: 2, low: true, tiles: tiles8AVX512f32},
			{min: 49, max: 64, rows: 6, tiles: tiles4AVX512f32, packing: packing4AVX512f32},
			{min: 33, max: 48, rows: 8, tiles: tiles3AVX512f32},
			{min: 17, max: 32, rows: 10, tiles: tiles2AVX512f32},
			{min: 9, max: 16, rows: 12, tiles: tiles1AVX512f32},
			{min: 1, max: 8, rows: 12, tiles: tilesH1AVX512f32},
		},
		short: 1, mr: 6, nr: 64, lanes: 16, mc: 96, kc: 2 * kb, deep: 4 * kb, nc: 512, unpacked: 1 << 18, straight: 64, climbs: true, lead: headStart, one: []float32{1},
		plain: plain[float32]{
			scal:      scalAVX512f32,
			add:       addAVX512f32,
			mul:       mulAVX512f32,
			shift:     shiftAVX512f32,
			div:       divAVX512f32,
			relu:      reluAVX512f32,
			reluGrad:  reluGradAVX512f32,
			adam:      adamAVX512f32,
			sum:       sumAVX512f32,
			max:       maxAVX512f32,
			transpose: transposef32,
			gather:    gatherf32,
			fetch:     fetchf32,
		},
		axpy:    axpyAVX512f32,
		dot:     dotAVX512f32,
		exp:     expAVX512f32,
		log:     logAVX512f32,
		sigmoid: sigmoidAVX512f32,
		tanh:    tanhAVX512f32,
	},
	f64: kernels[float64]{
		strips: []strip[float64]{
			{min: 57, max: 64, rows: 2, low: true, tiles: tiles8AVX512f64},
			{min: 25, max: 32, rows: 6, tiles: tiles4AVX512f64, packing: packing4AVX512f64},
			{min: 17, max: 24, rows: 8, tiles: tiles3AVX512f64},
			{min: 11, max: 16, rows: 10, tiles: tiles2AVX512f64},
			{min: 9, max: 10, rows: 12, lanes: 12, tiles: tilesTenAVX512f64},
			{min: 5, max: 8, rows: 12, tiles: tiles1AVX512f64},
			{min: 1, max: 4, rows: 12, tiles: tilesH1AVX512f64},
		},
		short: 1, mr: 6, nr: 32, lanes: 8, mc: 96, kc: 2 * kb, deep: 4 * kb, nc: 256, unpacked: 1 << 17, straight: 64, climbs: true, lead: headStart, one: []float64{1},
		plain: plain[float64]{
			scal:      scalAVX512f64,
			add:       addAVX512f64,
			mul:       mulAVX512f64,
			shift:     shiftAVX512f64,
			div:       divAVX512f64,
			relu:      reluAVX512f64,
			reluGrad:  reluGradAVX512f64,
			adam:      adamAVX512f64,
			sum:       sumAVX512f64,
			max:       maxAVX512f64,
			transpose: transposef64,
			gather:    gatherf64,
			fetch:     fetchf64,
		},
		axpy:    axpyAVX512f64,
		dot:     dotAVX512f64,
		exp:     expAVX512f64,
		log:     logAVX512f64,
		sigmoid: sigmoidAVX512f64,
		tanh:    tanhAVX512f64,
	},
}

// avx512Halves is the same for CPUs on which an operation on a vector takes the time of two on its
// halves: there, tiles of their own serve those widths at which one half would be idle.
var avx512Halves = halved(avx512)

func halved(s set) set {
	s.needs |= halves
	s.f32.strips, s.f64.strips = halves32, halves64
	s.f32.short = 3                               // two vectors end sooner
	s.f32.kc, s.f64.kc = 4*kb, 4*kb               // they leave twice the time for what comes from far caches
	s.f32.straight, s.f64.straight = never, never // and for lines that are read twice
	return s
}

var halves32 = []strip[float32]{
	{min: 113, max: 128, rows: 2, low: true, tiles: tiles8AVX512f32},
	{min: 49, max: 64, rows: 6, tiles: tiles4AVX512f32, packing: packing4AVX512f32},
	{min: 33, max: 48, rows: 8, tiles: tiles3AVX512f32},
	{min: 25, max: 32, rows: 10, tiles: tiles2AVX512f32},
	{min: 17, max: 24, rows: 8, tiles: tilesH3AVX512f32},
	{min: 11, max: 16, rows: 12, tiles: tiles1AVX512f32},
	{min: 9, max: 10, rows: 12, lanes: 13, tiles: tilesTenAVX512f32},
	{min: 1, max: 8, rows: 12, tiles: tilesH1AVX512f32},
}

var halves64 = []strip[float64]{
	{min: 57, max: 64, rows: 2, low: true, tiles: tiles8AVX512f64},
	{min: 25, max: 32, rows: 6, tiles: tiles4AVX512f64, packing: packing4AVX512f64},
	{min: 17, max: 24, rows: 8, tiles: tiles3AVX512f64},
	{min: 13, max: 16, rows: 10, tiles: tiles2AVX512f64},
	{min: 11, max: 12, rows: 8, tiles: tilesH3AVX512f64},
	{min: 9, max: 10, rows: 8, tiles: tilesHTenAVX512f64},
	{min: 5, max: 8, rows: 12, tiles: tiles1AVX512f64},
	{min: 1, max: 4, rows: 12, tiles: tilesH1AVX512f64},
}

//go:noescape
func tiles8AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tiles4AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func packing4AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int, from []float32, fromLd int, to []float32)

//go:noescape
func tiles3AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tiles2AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tilesH3AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tiles1AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tilesTenAVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func tilesH1AVX512f32(tiles, rows, cols, k int, alpha float32, a []float32, rs, cs int, b []float32, ldb int, c []float32, ldc int, add bool, lower int)

//go:noescape
func axpyAVX512f32(alpha float32, x, y []float32)

//go:noescape
func scalAVX512f32(alpha float32, x []float32)

//go:noescape
func addAVX512f32(dst, x, y []float32)

//go:noescape
func mulAVX512f32(dst, x, y []float32)

//go:noescape
func shiftAVX512f32(dst, x []float32, y float32)

//go:noescape
func divAVX512f32(dst, x []float32, y float32)

//go:noescape
func reluAVX512f32(dst, x []float32)

//go:noescape
func reluGradAVX512f32(dx, dy, y []float32)

//go:noescape
func adamAVX512f32(w, m, v, g []float32, f *AdamFactors[float32])

//go:noescape
func sumAVX512f32(x []float32) float32

//go:noescape
func dotAVX512f32(x, y []float32) float32

//go:noescape
func maxAVX512f32(x []float32) float32

//go:noescape
func expAVX512f32(dst, x []float32)

//go:noescape
func logAVX512f32(dst, x []float32)

//go:noescape
func sigmoidAVX512f32(dst, x []float32)

//go:noescape
func tanhAVX512f32(dst, x []float32)

//go:noescape
func tiles8AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tiles4AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func packing4AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int, from []float64, fromLd int, to []float64)

//go:noescape
func tiles3AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tiles2AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tilesH3AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tiles1AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tilesTenAVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tilesHTenAVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func tilesH1AVX512f64(tiles, rows, cols, k int, alpha float64, a []float64, rs, cs int, b []float64, ldb int, c []float64, ldc int, add bool, lower int)

//go:noescape
func axpyAVX512f64(alpha float64, x, y []float64)

//go:noescape
func scalAVX512f64(alpha float64, x []float64)

//go:noescape
func addAVX512f64(dst, x, y []float64)

//go:noescape
func mulAVX512f64(dst, x, y []float64)

//go:noescape
func shiftAVX512f64(dst, x []float64, y float64)

//go:noescape
func divAVX512f64(dst, x []float64, y float64)

//go:noescape
func reluAVX512f64(dst, x []float64)

//go:noescape
func reluGradAVX512f64(dx, dy, y []float64)

//go:noescape
func adamAVX512f64(w, m, v, g []float64, f *AdamFactors[float64])

//go:noescape
func sumAVX512f64(x []float64) float64

//go:noescape
func dotAVX512f64(x, y []float64) float64

//go:noescape
func maxAVX512f64(x []float64) float64

//go:noescape
func expAVX512f64(dst, x []float64)

//go:noescape
func logAVX512f64(dst, x []float64)

//go:noescape
func sigmoidAVX512f64(dst, x []float64)

//go:noescape
func tanhAVX512f64(dst, x []float64)
