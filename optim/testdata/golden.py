"""Trains small networks with PyTorch and writes golden.txt, against which
golden_test.go holds Downhill.

    /usr/bin/python3 optim/testdata/golden.py

golden.txt was made by PyTorch 1.13.1 (Debian 12, package python3-torch). Other
versions and other CPUs may give other last digits.

golden.txt has a line for each matrix, "name rows columns value value ...", under
lines "case NAME". The case "start" has what all others start from: the samples x,
their targets of four kinds, and the weights. Its numbers are fractions that float32
holds exactly, so that both types start from the same. Every other case has

    losses     the loss of each step, before the update
    norms      with clipping: the norm of each step's gradients, before it
    P.grad     for each parameter P: the gradient that the first update used
    P          its value after the last
"""

import os

import torch
from torch import nn

STEPS = 20
BATCHES = [slice(0, 8), slice(8, 16), slice(16, 21)]  # taken in turn
SIZES = [5, 7, 6, 3]
DTYPES = {"float64": torch.float64, "float32": torch.float32}

state = 1


def draw(n):
    """A number from 0 to n-1, by the generator of Knuth's MMIX."""
    global state
    state = (6364136223846793005 * state + 1442695040888963407) % 2**64
    return (state >> 33) % n


def uniform(rows, cols, a):
    """Multiples of 2^-10 from -a to a."""
    values = [draw(int(2 * a * 1024) + 1) / 1024 - a for _ in range(rows * cols)]
    return torch.tensor(values, dtype=torch.float64).reshape(rows, cols)


def distribution(cols):
    """Probabilities in eighths that sum to 1."""
    cuts = sorted(draw(9) for _ in range(cols - 1))
    return [(b - a) / 8 for a, b in zip([0] + cuts, cuts + [8])]


def start():
    rows, outputs = BATCHES[-1].stop, SIZES[-1]
    s = {
        "x": uniform(rows, SIZES[0], 1.5),
        "classes": torch.tensor([[draw(outputs)] for _ in range(rows)]),
        "distributions": torch.tensor([distribution(outputs) for _ in range(rows)]),
        "probabilities": torch.tensor([[draw(5) / 4 for _ in range(outputs)] for _ in range(rows)]),
        "values": uniform(rows, outputs, 2),
    }
    for i, (n, m) in enumerate(zip(SIZES, SIZES[1:])):
        s[f"{2 * i}.weight"] = uniform(m, n, 0.75)
        s[f"{2 * i}.bias"] = uniform(1, m, 0.25)
    return s


def network(initial, dtype, hidden, last):
    net = nn.Sequential(
        nn.Linear(SIZES[0], SIZES[1]), hidden[0],
        nn.Linear(SIZES[1], SIZES[2]), hidden[1],
        nn.Linear(SIZES[2], SIZES[3]), *last,
    ).to(dtype)
    net.load_state_dict({name: initial[name].reshape(p.shape) for name, p in net.state_dict().items()})
    return net


def sgd(**options):
    return lambda params: torch.optim.SGD(params, lr=0.1, **options)


def adam(**options):
    return lambda params: torch.optim.Adam(params, lr=0.01, **options)


def adamw(**options):
    return lambda params: torch.optim.AdamW(params, lr=0.01, **options)


def train(initial, dtype, optimizer=sgd(), hidden=(nn.ReLU(), nn.Tanh()), last=(),
          loss=nn.CrossEntropyLoss(), target="classes", clip=None):
    net = network(initial, dtype, hidden, last)
    opt = optimizer(net.parameters())
    x, t = initial["x"].to(dtype), initial[target]
    t = t.flatten() if target == "classes" else t.to(dtype)
    losses, norms, grads = [], [], {}
    for step in range(STEPS):
        batch = BATCHES[step % len(BATCHES)]
        opt.zero_grad()
        value = loss(net(x[batch]), t[batch])
        value.backward()
        losses.append(value.item())
        if clip:
            norms.append(nn.utils.clip_grad_norm_(net.parameters(), clip).item())
        if step == 0:
            grads = {name + ".grad": p.grad.clone() for name, p in net.named_parameters()}
        opt.step()
    curves = {"losses": torch.tensor([losses], dtype=dtype)}
    if clip:
        curves["norms"] = torch.tensor([norms], dtype=dtype)
    return {**curves, **grads, **net.state_dict()}


CASES = {
    "sgd": {},
    "momentum": dict(optimizer=sgd(momentum=0.9)),
    "nesterov": dict(optimizer=sgd(momentum=0.9, nesterov=True)),
    "momentum-decay": dict(optimizer=sgd(momentum=0.9, weight_decay=0.01)),
    "nesterov-decay": dict(optimizer=sgd(momentum=0.9, nesterov=True, weight_decay=0.01)),
    "adam": dict(optimizer=adam()),
    "adamw": dict(optimizer=adamw(weight_decay=0.01)),
    "clip": dict(clip=0.9),
    "distribution": dict(target="distributions"),
    "bce-logits": dict(loss=nn.BCEWithLogitsLoss(), target="probabilities"),
    "bce": dict(loss=nn.BCELoss(), target="probabilities", last=[nn.Sigmoid()]),
    "mse": dict(loss=nn.MSELoss(), target="values"),
    "sigmoid": dict(hidden=(nn.Sigmoid(), nn.Tanh())),
    "leaky-relu": dict(hidden=(nn.LeakyReLU(0.01), nn.Tanh())),
}


def write(file, case, matrices):
    file.write(f"case {case}\n")
    for name, m in matrices.items():
        m = m.detach().reshape(1, -1) if m.dim() == 1 else m.detach()
        digits = 9 if m.dtype == torch.float32 else 17  # enough to be exact
        values = " ".join(f"{v:.{digits}g}" for v in m.flatten().tolist())
        file.write(f"{name} {m.shape[0]} {m.shape[1]} {values}\n")


torch.set_num_threads(1)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.txt"), "w") as out:
    initial = start()
    write(out, "start", initial)
    for case, options in CASES.items():
        for name, dtype in DTYPES.items():
            write(out, f"{name}/{case}", train(initial, dtype, **options))
