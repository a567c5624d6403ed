#!/usr/bin/env python3
"""Writes torch.safetensors: the state dict of a small network of PyTorch and a tensor of
each other type, by json and struct alone. Debian: apt-get install python3-torch

    python3 make.py >torch.safetensors
"""
import json
import struct
import sys

import torch

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
tensors = {}
for name, value in net.state_dict().items():
    count = value.numel()
    tensors[name] = (torch.arange(count).reshape(value.shape) * 37 % 101 - 50) / 64.0

inf, nan = float("inf"), float("nan")
special = [0.0, -0.0, 1.0, -1.5, 65504.0, 2.0**-14, 2.0**-24, 3 * 2.0**-24, 1 / 3, inf, -inf, nan]
tensors["half"] = torch.tensor(special, dtype=torch.float16)
tensors["größe"] = torch.tensor(special, dtype=torch.bfloat16)  # its key has escapes
tensors["double"] = torch.tensor([[1 / 3], [5e-324]], dtype=torch.float64)
tensors["step"] = torch.tensor(-1234567890123, dtype=torch.int64)
tensors["mask"] = torch.tensor([True, False, True])

types = {
    torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.float64: "F64", torch.int64: "I64", torch.bool: "BOOL",
}


def little(t):
    """The bytes of a tensor, element by element."""
    if t.dtype == torch.bfloat16:  # which struct does not know: half of a float32
        return b"".join(struct.pack("<f", x)[2:] for x in t.flatten().tolist())
    code = {"F32": "f", "F16": "e", "F64": "d", "I64": "q", "BOOL": "?"}[types[t.dtype]]
    return b"".join(struct.pack("<" + code, x) for x in t.flatten().tolist())


header, data = {}, b""
for name, value in tensors.items():
    raw = little(value)
    header[name] = {
        "data_offsets": [len(data), len(data) + len(raw)],
        "dtype": types[value.dtype],
        "shape": list(value.shape),
    }
    data += raw
header["__metadata__"] = {"format": "pt", "classes": "[\"Größe\", \"\U0001f600\"]"}
text = json.dumps(header, indent=1).encode()
sys.stdout.buffer.write(struct.pack("<Q", len(text)) + text + data)
