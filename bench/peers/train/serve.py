"""Trains a network as the Go program asks: python.go has the other end.

A request is a line of words, a reply a line of numbers. Times are taken here, so that the way
between the programs does not count.

  start WIDTHS BATCH LR SEED SAMPLES TESTS  then the parameters, the samples and the tests as
                                            little-endian float32; no numbers
  check     the losses of two training steps on the first batch
  outputs   those for the first batch
  train N   N training steps on the batches in turn; seconds
  infer N   N batches forward; seconds
  epoch     training on all samples, shuffled; seconds
  accuracy  share of the tests whose class the network names
  settle    waits until no thread works; no numbers
"""
import sys
import time
from itertools import cycle, islice

import numpy as np


def read(*shape):
    a = np.empty(shape, "<f4")
    if sys.stdin.buffer.readinto(a) != a.nbytes:
        sys.exit("the numbers after start end early")
    return a


def settle():
    for _ in range(100):
        began, cpu = time.perf_counter(), time.process_time()
        time.sleep(0.002)
        if time.process_time() - cpu < (time.perf_counter() - began) / 10:
            return


class Session:
    def __init__(self, make, widths, batch, lr, seed, samples, tests):
        widths = [int(w) for w in widths.split("-")]
        self.batch = int(batch)
        params = [read(*shape) for i, o in zip(widths, widths[1:]) for shape in ((i, o), (o,))]
        self.net = make(widths, float(lr), int(seed), params)
        x, y = read(int(samples), widths[0]), read(int(samples))
        self.x, self.y = self.net.samples(x, y)
        self.test_x, self.test_y = read(int(tests), widths[0]), read(int(tests))
        b = self.batch
        self.batches = [(self.x[i:i + b], self.y[i:i + b]) for i in range(0, len(x) - b + 1, b)]
        self.turn = cycle(self.batches)

    def check(self):
        return [float(self.net.step(*self.batches[0])) for _ in range(2)]

    def outputs(self):
        with self.net.inference():
            return np.asarray(self.net.forward(self.batches[0][0])).ravel()

    def train(self, n):
        step = self.net.step
        began = time.perf_counter()
        for x, y in islice(self.turn, int(n)):
            step(x, y)
        return [time.perf_counter() - began]

    def infer(self, n):
        forward = self.net.forward
        with self.net.inference():
            began = time.perf_counter()
            for x, _ in islice(self.turn, int(n)):
                forward(x)
            return [time.perf_counter() - began]

    def epoch(self):
        began = time.perf_counter()
        order = self.net.permutation(len(self.x))
        for i in range(0, len(order), self.batch):
            rows = order[i:i + self.batch]
            self.net.step(self.x[rows], self.y[rows])
        return [time.perf_counter() - began]

    def accuracy(self):
        x, _ = self.net.samples(self.test_x, self.test_y)
        with self.net.inference():
            classes = np.asarray(self.net.forward(x)).argmax(1)
        return [(classes == self.test_y).mean()]


def serve(make):
    session = None
    while words := sys.stdin.buffer.readline().decode().split():
        name, args, numbers = words[0], words[1:], []
        if name == "start":
            session = Session(make, *args)
        elif name == "settle":
            settle()
        else:
            numbers = getattr(session, name)(*args)
        print(*map(float, numbers), flush=True)
