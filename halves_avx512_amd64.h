// The register tiles of Gemm for AVX-512 in half vectors: as those of tiles_avx512_amd64.h, but
//
//	8 rows x 3 half vectors   12 rows x 1
//
// The former serve CPUs on which half a vector takes half the time, the latter all of them: half a
// vector of columns leaves no room for one to overlap, and takes a mask.

#define HALF(c, offset)     FMA213 offset(cRow), Y31, c; VMOVU c, offset(cRow)
#define HALFZ(c, offset, l) FMA213 offset(cRow), Y31, c; FMA213 (cRow)(edge*1), Y31, K7, l; PUTC(c, offset); PUTZ(c, offset, l)

#define LOADH3 VMOVU (bRow), Y24; VMOVU 32(bRow), Y25; VMOVU (bRow)(edge*1), Y26
#define ROWH3(a, c0, c1, c2) BCAST a, Y28; FMA231 Y24, Y28, c0; FMA231 Y25, Y28, c1; FMA231 Y26, Y28, c2
#define PUTH3(a, c0, c1, c2) VMOVU c0, (cRow); VMOVU c1, 32(cRow); VMOVU c2, K1, (cRow)(edge*1); ADDQ cDown, cRow
#define FMAH3(a, c0, c1, c2) HALF(c0, 0); HALFZ(c1, 32, c2); ADDQ cDown, cRow

#define LOADH1 VMOVU.Z (bRow), K1, Y24
#define ROWH1(a, c0) FMA231B a, Y24, c0
#define PUTH1(a, c0) VMOVU c0, K1, (cRow); ADDQ cDown, cRow
#define FMAH1(a, c0) FMA213 (cRow), Y31, K7, c0; PUTH1(a, c0)

// MASK, for tiles of half a vector, sets K1 to the lanes in use.
#define MASK \
	COUNT(cols+16(FP)) \
	KMOVW AX, K1

#define SHAPEH3(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOADH3, ROWH3, PUTH3, FMAH3, NEXTK, ADDS)
#define TILESH3 \
	BEGIN(FETCH1) \
	BLOCK \
	START8 \
	SHAPEH3(ROWS8xH3, rows8, adds8) \
	SHAPEH3(ROWS7xH3, rows7, adds7) \
	SHAPEH3(ROWS6xH3, rows6, adds6) \
	SHAPEH3(ROWS5xH3, rows5, adds5) \
	SHAPEH3(ROWS4xH3, rows4, adds4) \
	SHAPEH3(ROWS3xH3, rows3, adds3) \
	SHAPEH3(ROWS2xH3, rows2, adds2) \
	SHAPEH3(ROWS1xH3, rows1, adds1) \
	FINISH

#define SHAPEH1(ROWS, NEXTK, ADDS) SHAPE(ROWS, LOADH1, ROWH1, PUTH1, FMAH1, NEXTK, ADDS)
#define TILESH1 \
	BEGIN(FETCH1) \
	BLOCK \
	START12 \
	SHAPEH1(ROWS12xH1, rows12, adds12) \
	SHAPEH1(ROWS11xH1, rows11, adds11) \
	SHAPEH1(ROWS10xH1, rows10, adds10) \
	SHAPEH1(ROWS9xH1, rows9, adds9) \
	SHAPEH1(ROWS8xH1, rows8, adds8) \
	SHAPEH1(ROWS7xH1, rows7, adds7) \
	SHAPEH1(ROWS6xH1, rows6, adds6) \
	SHAPEH1(ROWS5xH1, rows5, adds5) \
	SHAPEH1(ROWS4xH1, rows4, adds4) \
	SHAPEH1(ROWS3xH1, rows3, adds3) \
	SHAPEH1(ROWS2xH1, rows2, adds2) \
	SHAPEH1(ROWS1xH1, rows1, adds1) \
	FINISH
