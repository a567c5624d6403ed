"""PyTorch's side of the exchange that ../pytorch.sh runs: exchange.py write|read FOLDER.

write makes a model of every kind, and for each a file of weights and a file with rows
and the outputs for them. read loads what Downhill has written in answer.
"""

import os
import sys

import torch
from torch import nn

import downhill

kinds = {
    "Dense": lambda: nn.Sequential(nn.Linear(13, 5)),
    "ReLU": lambda: nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 5)),
    "LeakyReLU": lambda: nn.Sequential(nn.Linear(13, 32), nn.LeakyReLU(0.3), nn.Linear(32, 5)),
    "Sigmoid": lambda: nn.Sequential(nn.Linear(13, 32), nn.Sigmoid(), nn.Linear(32, 5)),
    "Tanh": lambda: nn.Sequential(nn.Linear(13, 32), nn.Tanh(), nn.Linear(32, 5)),
    "Dropout": lambda: nn.Sequential(nn.Linear(13, 32), nn.Dropout(0.5), nn.Linear(32, 5)),
    "all of them": lambda: nn.Sequential(
        nn.Linear(13, 40), nn.Tanh(), nn.Linear(40, 30), nn.LeakyReLU(0.01), nn.Dropout(0.2),
        nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 5), nn.Sigmoid()
    ),
    "784-128-10": lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
}
types = {"float32": torch.float32, "float64": torch.float64}
limits = {"float32": 1e-6, "float64": 1e-12}


def write(folder):
    torch.manual_seed(1)
    for kind, make in kinds.items():
        for name, dtype in types.items():
            model = make().to(dtype).eval()
            x = torch.randn(64, model[0].in_features, dtype=dtype)
            with torch.no_grad():
                y = model(x)
            path = os.path.join(folder, f"{kind}.{name}.torch")
            downhill.save(model, path + ".safetensors")
            downhill.save({"x": x, "y": y}, path + ".rows")


def read(folder):
    failed = False
    print("| Downhill to PyTorch | float32 | float64 |\n|---|---|---|")
    for kind, make in kinds.items():
        cells = []
        for name, dtype in types.items():
            path = os.path.join(folder, f"{kind}.{name}.downhill")
            model = make().to(dtype).eval()
            model.load_state_dict(downhill.load(path + ".safetensors"), strict=True)
            rows = downhill.load(path + ".rows")
            with torch.no_grad():
                y = model(rows.pop("x"))
            want = rows.pop("y")
            largest = want.abs().amax(1, keepdim=True).clamp(min=1)
            difference = ((y - want).abs() / largest).max().item()
            # The rest are the parameters as they lie in Downhill's memory, [in, out].
            state = model.state_dict()
            same = rows.keys() == state.keys() and all(bits(state[n].t()) == bits(w) for n, w in rows.items())
            failed |= not same or not difference <= limits[name]
            cells.append(f"{'same bits' if same else 'OTHER BITS'}, {difference:.1e}")
        print(f"| {kind} | {' | '.join(cells)} |")
    if failed:
        sys.exit("pytorch: bits or outputs differ")


def bits(tensor):
    return tensor.numpy().tobytes("C")


{"write": write, "read": read}[sys.argv[1]](sys.argv[2])
