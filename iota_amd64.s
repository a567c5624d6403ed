//go:build gc && !purego && !noasm && !msan && !asan

// The numbers of the lanes, which masks are made of.

#include "textflag.h"

DATA ·iota32+0(SB)/8, $0x0000000100000000
DATA ·iota32+8(SB)/8, $0x0000000300000002
DATA ·iota32+16(SB)/8, $0x0000000500000004
DATA ·iota32+24(SB)/8, $0x0000000700000006
DATA ·iota32+32(SB)/8, $0x0000000900000008
DATA ·iota32+40(SB)/8, $0x0000000b0000000a
DATA ·iota32+48(SB)/8, $0x0000000d0000000c
DATA ·iota32+56(SB)/8, $0x0000000f0000000e
GLOBL ·iota32(SB), RODATA|NOPTR, $64

DATA ·iota64+0(SB)/8, $0
DATA ·iota64+8(SB)/8, $1
DATA ·iota64+16(SB)/8, $2
DATA ·iota64+24(SB)/8, $3
DATA ·iota64+32(SB)/8, $4
DATA ·iota64+40(SB)/8, $5
DATA ·iota64+48(SB)/8, $6
DATA ·iota64+56(SB)/8, $7
DATA ·iota64+64(SB)/8, $8
DATA ·iota64+72(SB)/8, $9
DATA ·iota64+80(SB)/8, $10
DATA ·iota64+88(SB)/8, $11
DATA ·iota64+96(SB)/8, $12
DATA ·iota64+104(SB)/8, $13
DATA ·iota64+112(SB)/8, $14
DATA ·iota64+120(SB)/8, $15
GLOBL ·iota64(SB), RODATA|NOPTR, $128
