// The vocabulary of ten_amd64.h in float64, where eight elements are a vector. To add them to -0
// under a mask moves them and changes no bit, and additions have units of their own, while a blend
// takes time from those of the FMAs.

#define E0 Z0
#define E1 Z1
#define E2 Z2
#define E3 Z3
#define E4 Z4
#define E5 Z5
#define E6 Z6
#define E7 Z7
#define E8 Z8
#define E9 Z9
#define E10 Z10
#define E11 Z11
#define E12 Z12
#define E13 Z13
#define E16 Z16
#define E17 Z17
#define E18 Z18
#define E24 Z24
#define E25 Z25
#define E31 Z31

#define TWO(from, to) VBROADCASTF64X2.Z from, K5, to
#define INTO12(k, imm) VADD E13, Z29, k, E12
#define READY MOVQ $0x8000000000000000, AX; VPBROADCASTQ AX, Z29

#include "ten_amd64.h"
