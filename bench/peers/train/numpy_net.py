"""The network that one writes by hand in NumPy."""
from contextlib import nullcontext

import numpy as np

from serve import serve


class Net:
    inference = nullcontext

    def __init__(self, widths, lr, seed, params):
        self.w, self.b = params[0::2], params[1::2]
        self.lr = np.float32(lr)
        self.classes = widths[-1] > 1
        self.permutation = np.random.default_rng(seed).permutation

    def samples(self, x, y):
        return x, y.astype(np.int64) if self.classes else y[:, None]

    def activations(self, x):
        hs = [x]
        for i, (w, b) in enumerate(zip(self.w, self.b)):
            z = hs[-1] @ w + b
            hs.append(np.maximum(z, 0) if i < len(self.w) - 1 else z)
        return hs

    def forward(self, x):
        return self.activations(x)[-1]

    def step(self, x, y):
        hs = self.activations(x)
        z, n = hs.pop(), len(x)
        if self.classes:
            rows = np.arange(n)
            z -= z.max(1, keepdims=True)
            d = np.exp(z)
            total = d.sum(1, keepdims=True)
            loss = (np.log(total[:, 0]) - z[rows, y]).mean()
            d /= total
            d[rows, y] -= 1
        else:
            e = z - y
            loss = (e * e).mean()
            d = 2 * e
        d /= n
        for i in range(len(self.w) - 1, -1, -1):
            gw, gb = hs[i].T @ d, d.sum(0)
            if i:
                d = (d @ self.w[i].T) * (hs[i] > 0)
            self.w[i] -= self.lr * gw
            self.b[i] -= self.lr * gb
        return loss


serve(Net)
