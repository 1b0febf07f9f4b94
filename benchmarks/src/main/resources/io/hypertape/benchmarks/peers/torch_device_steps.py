"""Training steps in PyTorch on a GPU, timed on request as torch_steps.py, whose models these are.

Batches lie ready: in pinned memory, from which each step copies one to the device (--data host), or one
on the device that every step takes (--data device). Nothing of a step waits for the device; a request is
answered when all its steps are done. Steps:

  sgd, sgd/sgd, sgd/sgd^2 …   the paper's MLP, batch 256, under a tower of SGD: one of height 0, 1, 2 …
  adam/sgd                    the same under the tower of height 1 of the paper's table
  resnet20, resnet20-1024     batch 128, 1024; SGD with momentum
  char-lstm                   50 texts of 50 symbols; cuDNN's LSTM; Adam; the state is carried on

Modes:

  eager          plain PyTorch; optimizers in their fused form
  compile        with torch.compile: the loss, and a tower's update as well
  graph          the whole eager step as one CUDA graph
  compile+graph  the whole compiled step as one CUDA graph
  official       towers by the authors' module gdtuo, found below --official, as its documentation says

A tower keeps what the last step left, gradients too, and begins a step with the update that they make:
so one backward pass reaches the hyperparameters, and a step is a function of what is kept, as a graph
wants it. --check FILE prints losses of a tower here and in the official code, step by step, instead.
"""

import argparse
import glob
import importlib.util
import json
import os
import re
import sys
import time

import torch
import torch.nn.functional as F

import torch_steps as base


class Tower:
    """What towers share: kept tensors, the zeros through which hyperparameters are reached, and the step."""

    def __init__(self, params, compiled):
        self.weights = [p.detach().clone() for p in params]
        self.gradients = [torch.zeros_like(p) for p in params]
        self.loss = torch.compile(base.loss_of) if compiled else base.loss_of
        self.change = torch.compile(self.update) if compiled else self.update

    def scalars(self, *values):
        return [torch.tensor(v, device=self.weights[0].device) for v in values]

    def count(self):
        return base.size(self.weights)

    def step(self, x, y):
        weights, kept = self.change(self.weights, self.gradients)
        for w in weights:
            if not w.requires_grad:
                w.requires_grad_()
        loss = self.loss(x, y, *weights)
        found = torch.autograd.grad(loss, list(weights) + self.probes)
        split = len(weights)
        with torch.no_grad():
            torch._foreach_copy_(self.weights, list(weights))
            torch._foreach_copy_(self.gradients, list(found[:split]))
            if kept:
                torch._foreach_copy_(self.kept, [k.detach() for k in kept])
            if self.probes:
                torch._foreach_copy_(self.slopes, list(found[split:]))
        return loss.detach()


class SgdTower(Tower):
    """SGD tuned by SGD, `height` times; the topmost step size is what it is."""

    def __init__(self, params, height, compiled, alpha=0.01, rate=1e-4):
        super().__init__(params, compiled)
        *tuned, top = [alpha] + [rate] * height
        self.kept = self.scalars(*tuned)
        self.top = self.scalars(top)[0]
        self.slopes = self.scalars(*[0.0] * height)
        self.probes = [p.requires_grad_() for p in self.scalars(*[0.0] * height)]

    def update(self, weights, gradients):
        rate, rates = self.top, []
        for alpha, slope, probe in reversed(list(zip(self.kept, self.slopes, self.probes))):
            rate = alpha - rate * slope + probe
            rates.insert(0, rate)
        return [w - rate * g for w, g in zip(weights, gradients)], rates


class AdamTower(Tower):
    """Adam tuned by SGD."""

    def __init__(self, params, compiled, alpha=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, rate=1e-5):
        super().__init__(params, compiled)
        raw = [base.unclamp(torch.tensor(b)).item() for b in (beta1, beta2)]
        self.hypers = self.scalars(alpha, *raw)
        self.slopes = self.scalars(0.0, 0.0, 0.0)
        self.probes = [p.requires_grad_() for p in self.scalars(0.0, 0.0, 0.0)]
        # One ahead: the update that begins the first step changes nothing, as no gradients are there yet.
        self.t = self.scalars(1.0)[0]
        self.ms = [torch.zeros_like(p) for p in self.weights]
        self.vs = [torch.zeros_like(p) + eps for p in self.weights]
        self.kept = self.hypers + self.ms + self.vs + [self.t]
        self.eps, self.rate = eps, rate

    def update(self, weights, gradients):
        hypers = [h - self.rate * s + p for h, s, p in zip(self.hypers, self.slopes, self.probes)]
        new, ms, vs = base.adam_update(weights, gradients, self.ms, self.vs, *hypers, self.t, self.eps)
        return new, hypers + ms + vs + [self.t + 1.0]


def tower_of(name, compiled, device):
    params = [p.detach().to(device) for p in base.Mlp().parameters()]
    height = height_of(name)
    running = AdamTower(params, compiled) if name == "adam/sgd" else SgdTower(params, height, compiled)
    return running.step, running.count()


def height_of(name):
    match = re.fullmatch(r"(?:sgd|adam)(/sgd(?:\^(\d+))?)?", name)
    return 0 if not match[1] else int(match[2] or 1)


def optimized(model, optimizer, compiled):
    forward = torch.compile(model) if compiled else model

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss = F.nll_loss(forward(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step, base.size(model.parameters())


def plain_sgd(name, compiled, device):
    model = base.Mlp().to(device)
    return optimized(model, torch.optim.SGD(model.parameters(), lr=0.01, fused=True), compiled)


def resnet20(name, compiled, device):
    model = base.ResNet(20, 10).train().to(device)
    return optimized(model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, fused=True), compiled)


def char_lstm(name, compiled, device):
    model = base.CharLstm().to(device)
    forward = torch.compile(model) if compiled else model
    graphable = device.type == "cuda"
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, fused=True, capturable=graphable)
    for p in model.parameters():
        # As in torch_steps.py: the second moment begins at eps.
        optimizer.state[p] = {
            "step": torch.tensor(0.0, device=device),
            "exp_avg": torch.zeros_like(p),
            "exp_avg_sq": torch.full_like(p, 1e-8),
        }
    state = [torch.zeros(2, base.TEXTS, base.UNITS, device=device) for _ in range(2)]

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        out, after = forward(x, *state)
        loss = F.nll_loss(out, y)
        loss.backward()
        optimizer.step()
        torch._foreach_copy_(state, [s.detach() for s in after])
        return loss.detach()

    return step, base.size(model.parameters())


def official(folder, name, device):
    found = sorted(glob.glob(os.path.join(folder, "**", "gdtuo.py"), recursive=True))
    if not found:
        sys.exit("there is no gdtuo.py below " + folder)
    spec = importlib.util.spec_from_file_location("gdtuo", found[0])
    gdtuo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gdtuo)
    plain_model = base.Mlp().to(device)
    count = base.size(plain_model.parameters())
    above = gdtuo.NoOpOptimizer()
    for _ in range(height_of(name)):
        above = gdtuo.SGD(1e-5 if name == "adam/sgd" else 1e-4, optimizer=above)
    lowest = gdtuo.Adam(alpha=1e-3, optimizer=above) if name == "adam/sgd" else gdtuo.SGD(0.01, optimizer=above)
    model = gdtuo.ModuleWrapper(plain_model, optimizer=lowest)
    model.initialize()

    def step(x, y):
        model.begin()
        loss = F.nll_loss(model.forward(x), y)
        model.zero_grad()
        loss.backward(create_graph=True)
        model.step()
        return loss.detach()

    return step, count


def wide_images():
    """As many as lie ready at batch 128, in fewer batches."""
    generator = torch.Generator().manual_seed(1)
    count = 2
    x = torch.randn(count, 1024, 3, 32, 32, generator=generator)
    y = torch.randint(0, 10, (count, 1024), generator=generator)
    return [(x[i], y[i]) for i in range(count)]


def captured(step, batch):
    """The step as one graph; it takes what lies in the batch's tensors."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(11):
            step(*batch)
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step(*batch)
    return graph, loss


def serve(step, batches, args, description):
    device = torch.device(args.device)
    place = [0]
    inputs = [part.to(device) for part in batches[0]]
    if args.data == "host" and device.type == "cuda":
        batches = [[part.pin_memory() for part in batch] for batch in batches]
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    if args.mode.endswith("graph"):
        graph, loss = captured(step, inputs)

        def taken():
            graph.replay()
            return loss

    else:

        def taken():
            return step(*inputs)

        for _ in range(3):
            taken()

    def fed():
        if args.data == "host":
            for kept, part in zip(inputs, batches[place[0]]):
                kept.copy_(part, non_blocking=True)
            place[0] = (place[0] + 1) % len(batches)
        return taken()

    wait()
    base.answer(description)
    for line in sys.stdin:
        wait()
        start = time.perf_counter()
        for _ in range(int(line)):
            loss_now = fed()
        wait()
        seconds = time.perf_counter() - start
        base.answer("%r %r" % (seconds, loss_now.item()))


def check(name, folder, device, count=8):
    x, y = base.data()[0]
    x, y = x.to(device), y.to(device)
    losses = []
    for make in (lambda: tower_of(name, False, device), lambda: official(folder, name, device)):
        torch.manual_seed(1)
        step, _ = make()
        losses.append([step(x, y).item() for _ in range(count)])
    print(json.dumps(losses))


def main():
    steps = {
        "sgd": (plain_sgd, base.data),
        "sgd/sgd": (tower_of, base.data),
        "sgd/sgd^2": (tower_of, base.data),
        "sgd/sgd^3": (tower_of, base.data),
        "sgd/sgd^10": (tower_of, base.data),
        "adam/sgd": (tower_of, base.data),
        "resnet20": (resnet20, base.images),
        "resnet20-1024": (resnet20, wide_images),
        "char-lstm": (char_lstm, base.texts),
    }
    modes = ("eager", "compile", "graph", "compile+graph", "official")
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=modes, default="eager")
    parser.add_argument("--step", choices=tuple(steps), default="sgd")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda")
    parser.add_argument("--data", choices=("host", "device"), default="device")
    parser.add_argument("--precision", choices=("float32", "tf32"), default="float32")
    parser.add_argument("--official", default="")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    device = torch.device(args.device)
    if args.device == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch " + torch.__version__ + " finds no GPU")
    if args.mode.endswith("graph") and args.device != "cuda":
        sys.exit("a CUDA graph needs --device cuda")
    if (args.mode == "official" or args.check) and steps[args.step][1] is not base.data:
        sys.exit("the official code is for steps of the MLP")
    torch.backends.cuda.matmul.allow_tf32 = args.precision == "tf32"
    torch.backends.cudnn.allow_tf32 = args.precision == "tf32"
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    if args.check:
        return check(args.step, args.official, device)
    os.dup2(2, 1)
    make, batches = steps[args.step]
    if args.mode == "official":
        step, count = official(args.official, args.step, device)
    else:
        step, count = make(args.step, args.mode.startswith("compile"), device)
    where = torch.cuda.get_device_name() if args.device == "cuda" else "cpu"
    what = (torch.__version__, torch.version.cuda, where, args.precision, args.data, count)
    serve(step, batches(), args, "PyTorch %s, CUDA %s, %s, %s, data on the %s, %d parameters" % what)


if __name__ == "__main__":
    main()
