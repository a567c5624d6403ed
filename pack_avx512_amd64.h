// The register tile of Gemm for AVX-512 that also packs: 6 rows x 4 vectors as in
// tiles_avx512_amd64.h, and with each row of B it copies a vector of the same row of another
// strip, one that is still to come, from where B lies to where it is packed.
//
//	             strip at hand   one to come
//	row p of B   +--+--+--+--+   +--+--+--+--+
//	             |FMA|FMA|...|   |  |cp|  |  |
//	             +--+--+--+--+   +--+--+--+--+
//
// Rows of a large B are a page or more apart, and each takes its time to come. A copy by
// itself does nothing else meanwhile; here there are 24 multiply-adds to each line that comes.
// Lines are asked for 64 rows ahead, to be in the second cache, and 8 rows ahead for the first:
// no more, since if ldb is a power of two they all go to one set of it, of 8 or 12 ways.

#define from     R13 // a6, of which 6 rows have no need, but SUMS has it walk along k
#define to       BX
#define fromDown AX  // from a row of from to the next
#define far      R14 // a9 likewise

#define LOADCOPY4 \
	LOAD4 \
	VMOVU      (from), Z29 \
	VMOVU      Z29, (to) \
	PREFETCHT0 (from)(fromDown*8) \
	PREFETCHT1 (far) \
	ADDQ       fromDown, from \
	SUBQ       aRight, from \
	ADDQ       fromDown, far \
	SUBQ       aRight, far \
	ADDQ       $(4*64), to

#define PACKING4 \
	BEGIN(FETCH4) \
	MOVQ from_base+160(FP), from \
	MOVQ to_base+192(FP), to \
	BLOCK \
	MOVQ fromLd+184(FP), fromDown \
	SHLQ $LOGSIZE, fromDown \
	MOVQ fromDown, far \
	SHLQ $6, far \
	ADDQ from, far \
	SHAPE(ROWS6x4, LOADCOPY4, ROW4, PUT4, FMA4, rows6, adds6) \
	FINISH
