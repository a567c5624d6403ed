// The register tile of Gemm for AVX-512 that also packs: 6 rows x 4 vectors as in
// tiles_avx512_amd64.h, and for every second k it copies one vector of another strip, one that is
// still to come, from where B lies to where it is packed: eight k's for a row of it.
//
//	             strip at hand     one to come
//	row p of B   +--+--+--+--+
//	             |FMA|FMA|...|     +--+--+--+--+
//	             +--+--+--+--+     |  |cp|  |  |  row p/8
//	                               +--+--+--+--+
//
// Rows of a large B are a page or more apart, and each takes its time to come. A copy by
// itself does nothing else meanwhile; here there are 48 multiply-adds to each line that comes. With
// 24, more would be under way than a core of Intel's waits for. Lines are asked for 16 rows ahead, to
// be in the second cache. A row is copied at one go, since its lines come together, and lines of many
// rows would share a set of the first cache if ldb is a power of two.

#define from     R13 // a6, of which 6 rows have no need, but SUMS has it walk along k
#define to       BX
#define fromDown AX  // from the end of a row of from to the next
#define far      R14 // a9 likewise: 16 rows after from

#define LOADCOPY4 \
	TESTQ      $1, count \
	JNE        without \
	TESTQ      $7, count \
	JNE        within \
	ADDQ       fromDown, from \
	ADDQ       fromDown, far \
within: \
	VMOVU      (from), Z29 \
	VMOVU      Z29, (to) \
	PREFETCHT1 (far) \
	ADDQ       $64, from \
	ADDQ       $64, far \
	ADDQ       $64, to \
without: \
	SUBQ       aRight, from \
	SUBQ       aRight, far \
	LOAD4

#define PACKING4 \
	BEGIN(FETCH4) \
	MOVQ to_base+192(FP), to \
	MOVQ from_base+160(FP), from \
	MOVQ fromLd+184(FP), fromDown \
	SHLQ $LOGSIZE, fromDown \
	SUBQ fromDown, from \
	ADDQ $256, from \
	SHLQ $4, fromDown \
	LEAQ (from)(fromDown*1), far \
	BLOCK \
	MOVQ fromLd+184(FP), fromDown \
	SHLQ $LOGSIZE, fromDown \
	SUBQ $256, fromDown \
	SHAPE(ROWS6x4, LOADCOPY4, ROW4, PUT4, FMA4, rows6, adds6) \
	FINISH
