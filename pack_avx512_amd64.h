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

#define from     R15
#define to       BX
#define fromDown AX  // from a row of from to the next
#define ahead    R13 // a6, of which 6 rows have no need
#define far      R14 // nor of a9, but like that it walks along k

#define LOADCOPY4 \
	LOAD4 \
	VMOVU      (from), Z29 \
	VMOVU      Z29, (to) \
	LEAQ       (from)(fromDown*8), ahead \
	PREFETCHT0 (ahead) \
	PREFETCHT1 (far) \
	ADDQ       fromDown, far \
	SUBQ       aRight, far \
	ADDQ       fromDown, from \
	ADDQ       $(4*64), to

#define PACKING4 \
	MOVQ from_base+160(FP), from \
	MOVQ to_base+192(FP), to \
	BEGIN(FETCH4) \
	MOVQ fromLd+184(FP), fromDown \
	SHLQ $LOGSIZE, fromDown \
	MOVQ fromDown, far \
	SHLQ $6, far \
	ADDQ from, far \
	SHAPE(ROWS6x4, LOADCOPY4, ROW4, PUT4, FMA4, rows6, adds6) \
	FINISH
