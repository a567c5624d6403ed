package main

// mutants512 are faults in the AVX-512 kernels, which tests see on a CPU that has them.
var mutants512 = []mutant{
	{
		name: "AVX-512: the second block of k's is lost",
		file: "tiles_avx512_amd64.h",
		old:  "CMPQ    left, $0 \\\n\tJNE     block",
		new:  "CMPQ    left, $0",
		pkg:  ".", test: "TestTiles",
	},
	{
		name: "AVX-512: a block's last k's are read where the first were",
		file: "tiles_avx512_amd64.h",
		old:  "LEAQ  (a6)(aRight*1), e6",
		new:  "LEAQ  (a6), e6",
		pkg:  ".", test: "TestTiles",
	},
	{
		name: "AVX-512: rows below the ninth do not go on to the next block",
		file: "tiles_avx512_amd64.h",
		old:  "LEAQ    (a9)(aRight*2), a9",
		new:  "LEAQ    (a9)(aRight*1), a9",
		pkg:  ".", test: "TestTiles",
	},
	{
		name: "AVX-512: the lower tiles are forgotten",
		file: "tiles_avx512_amd64.h",
		old:  "MOVQ    lower+152(FP), AX",
		new:  "MOVQ    $0, AX",
		pkg:  ".", test: "TestTiles",
	},
	{
		name: "AVX-512: the mask of the last vector is a lane off",
		file: "tiles_avx512_amd64.h",
		old:  "MOVQ  $(columns), CX",
		new:  "MOVQ  $(columns+1), CX",
		pkg:  ".", test: "TestGemmBits",
	},
	{
		name: "AVX-512: a row of one vector is stored before its beginning",
		file: "tiles_avx512_amd64.h",
		old:  "#define PUT1(a, c0) VMOVU c0, K1, (cRow)(edge*1)",
		new:  "#define PUT1(a, c0) VMOVU c0, (cRow)(edge*1)",
		pkg:  ".", test: "TestGuardTiles",
	},
	{
		name: "AVX-512: B is read before its beginning",
		file: "tiles_avx512_amd64.h",
		old:  "VMOVU.Z (bRow)(edge*1), K1, Z24",
		new:  "VMOVU   (bRow)(edge*1), Z24",
		pkg:  ".", test: "TestGuardTiles",
	},
	{
		name: "AVX-512: half a vector is read past the end of B",
		file: "halves_avx512_amd64.h",
		old:  "#define LOADH1 VMOVU.Z (bRow), K1, Y24",
		new:  "#define LOADH1 VMOVU (bRow), Y24",
		pkg:  ".", test: "TestGuardTiles",
	},
	{
		name: "AVX-512: C is read although beta is 0",
		file: "tiles_avx512_amd64.h",
		old:  "MOVBLZX add+144(FP), AX",
		new:  "MOVL    $1, AX",
		pkg:  ".", test: "TestGemmUnread",
	},
	{
		name: "AVX-512: an alpha of other than 1 is left out",
		file: "tiles_avx512_amd64.h",
		old:  "JNE   SCALED",
		new:  "NOP",
		pkg:  ".", test: "TestTiles",
	},
	{
		name: "AVX-512: the tenth column of a row goes to its neighbour",
		file: "ten_amd64.h",
		old:  "#define NEXT3(t) INTO12(K3, $0x30)",
		new:  "#define NEXT3(t) INTO12(K2, $0x30)",
		pkg:  ".", test: "TestTiles",
	},
	{
		name: "AVX-512: packing goes on to the next row too early",
		file: "pack_avx512_amd64.h",
		old:  "TESTQ      $7, count",
		new:  "TESTQ      $3, count",
		pkg:  ".", test: "TestPacking",
	},
}
