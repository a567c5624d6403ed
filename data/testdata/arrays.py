#!/usr/bin/python3
"""Writes arrays.txt: files that NumPy has made, with what is in them.

A line is a name, the shape, the elements row by row and the file in base64. Elements
are "-" for a file that is to be refused."""
import base64
import io
import struct

import numpy as np
from numpy.lib import format

inf, nan = float("inf"), float("nan")
values = {
    "b1": [0, 1, 1, 0, 1, 0],
    "i1": [0, 1, -1, 127, -128, 5],
    "u1": [0, 1, 2, 127, 128, 255],
    "i2": [0, 1, -1, 32767, -32768, 258],
    "u2": [0, 1, 258, 32767, 32768, 65535],
    "i4": [0, 1, -1, 2147483647, -2147483648, 16909060],
    "u4": [0, 1, 16909060, 2147483647, 2147483648, 4294967295],
    "i8": [0, 1, -1, 2**53, -(2**63), 2**62 + 2**20],
    "u8": [0, 1, 2**53, 2**63, 2**64 - 2**11, 72623859706101760],
    "f2": [-0.0, 1.5, -65504, 2.0**-24, -inf, nan],
    "f4": [-0.0, 1.1, -3.4028235e38, 2.0**-149, inf, nan],
    "f8": [-0.0, 1.1, -1.7976931348623157e308, 5e-324, inf, nan],
}
idx = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
out = open("arrays.txt", "w")


def put(name, file, a=None):
    shape = "-" if a is None else "x".join(map(str, a.shape)) or "()"
    row_major = "-" if a is None else ",".join(repr(float(v)) for v in a.flatten()) or "none"
    print(name, shape, row_major, base64.b64encode(file).decode(), file=out)


def npy(a, version=None):
    b = io.BytesIO()
    format.write_array(b, a, version)
    return b.getvalue()


for dtype, v in values.items():
    for order in "<>" if dtype[1] != "1" else "|":
        a = np.array(v, dtype=np.dtype(order + dtype)).reshape(2, 3)
        put("npy:" + order + dtype, npy(a), a)
    if dtype in idx:
        put("idx:" + dtype, struct.pack(">BBBBII", 0, 0, idx[dtype], 2, *a.shape) + a.astype(">" + dtype).tobytes(), a)

count = np.arange(24, dtype="<f4")
for version in (1, 0), (2, 0), (3, 0):
    put("npy:version%d" % version[0], npy(count[:3], version), count[:3])
for shape in (), (1,), (24,), (24, 1), (0, 4), (4, 0), (2, 3, 4), (2, 1, 3, 2, 2):
    a = np.resize(count, shape)
    put("npy:shape", npy(a), a)
    a = np.asfortranarray(a)
    put("npy:fortran", npy(a), a)
    if shape:
        head = struct.pack(">BBBB", 0, 0, 8, len(shape)) + struct.pack(">%dI" % len(shape), *shape)
        put("idx:shape", head + a.astype("u1").tobytes("C"), a)

b = io.BytesIO()
np.save(b, np.array([None, 1]), allow_pickle=True)
put("npy:objects", b.getvalue())
put("npy:fields", npy(np.zeros(2, dtype=[("a", "<f4"), ("b", "<i2")])))
put("npy:text", npy(np.array(["a", "bc"])))
put("npy:bytes", npy(np.array([b"a", b"bc"])))
put("npy:complex", npy(np.zeros(2, dtype="<c8")))
put("npy:date", npy(np.zeros(2, dtype="<M8[s]")))
b = io.BytesIO()
np.savez(b, count)
put("npy:npz", b.getvalue())
