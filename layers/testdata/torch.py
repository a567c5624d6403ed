"""Makes torch.safetensors, a state dict of PyTorch's, and torch_rows.safetensors, rows x
and what the model gives for them, y:

    /usr/bin/python3 layers/testdata/torch.py
"""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path = [os.path.join(here, "../../conformance/pytorch")] + [p for p in sys.path if os.path.abspath(p or ".") != here]

import torch
from torch import nn

import downhill

torch.manual_seed(1)
model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))
x = torch.randn(6, 4)
with torch.no_grad():
    y = model(x)
downhill.save(model, os.path.join(here, "torch.safetensors"))
downhill.save({"x": x, "y": y}, os.path.join(here, "torch_rows.safetensors"))
