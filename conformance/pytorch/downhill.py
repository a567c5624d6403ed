"""Moves weights between PyTorch and Downhill, in the safetensors format.

    import downhill
    downhill.save(model, "model.safetensors")                     # or a state dict
    model.load_state_dict(downhill.load("model.safetensors"))

Names are those of torch.nn.Sequential on both sides, "0.weight" of [out, in],
"0.bias", "2.weight" and so on. No bit of a weight changes.

Needs torch and numpy only. Where the package safetensors is installed,
safetensors.torch.save_file(model.state_dict(), path) and load_file(path) do the same.
"""

import json

import numpy
import torch

_types = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1"}
_names = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16",
    torch.int64: "I64", torch.int32: "I32", torch.uint8: "U8",
}


def save(model, path):
    """Writes the weights of a module, or a state dict, to a file."""
    state = model.state_dict() if isinstance(model, torch.nn.Module) else model
    arrays = {}
    for name, tensor in state.items():
        if tensor.dtype not in _names:  # bfloat16 among them, which numpy lacks: float() keeps its values
            raise ValueError(f"{name} is of {tensor.dtype}, want one of {', '.join(map(str, _names))}")
        if name == "__metadata__":
            raise ValueError(f"{name} is no name for a tensor: the format has it for something else")
        arrays[name] = tensor.detach().cpu().numpy().astype(_types[_names[tensor.dtype]], copy=False)
    header, end = {"__metadata__": {"format": "pt"}}, 0
    order = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    for name in order:
        array = arrays[name]
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": _names[state[name].dtype], "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        for name in order:
            f.write(arrays[name].tobytes())


def load(path):
    """Returns the state dict in a file, on the CPU."""
    with open(path, "rb") as f:
        data = f.read()
    start = 8 + int.from_bytes(data[:8], "little")
    if len(data) < 8 or start > len(data):
        raise ValueError(f"{path} has {len(data)} bytes and ends within the header")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        if entry["dtype"] not in _types:
            raise ValueError(f"{path}: {name} is of {entry['dtype']}, want one of {', '.join(_types)}")
        begin, end = entry["data_offsets"]
        if not 0 <= begin <= end <= len(data) - start:
            raise ValueError(f"{path}: {name} is at {begin} to {end} of {len(data) - start} bytes")
        array = numpy.frombuffer(data[start + begin : start + end], _types[entry["dtype"]]).reshape(entry["shape"])
        state[name] = torch.from_numpy(array.astype(array.dtype.newbyteorder("=")))
    return state
