// The vocabulary of ten_amd64.h in float32, where eight elements are half a vector.

#define E0 Y0
#define E1 Y1
#define E2 Y2
#define E3 Y3
#define E4 Y4
#define E5 Y5
#define E6 Y6
#define E7 Y7
#define E8 Y8
#define E9 Y9
#define E10 Y10
#define E11 Y11
#define E12 Y12
#define E13 Y13
#define E16 Y16
#define E17 Y17
#define E18 Y18
#define E24 Y24
#define E25 Y25
#define E31 Y31

#define TWO(from, to) VBROADCASTF32X2.Z from, K5, to
#define INTO12(k, imm) VBLENDPS imm, E13, E12, E12
#define READY

#include "ten_amd64.h"
