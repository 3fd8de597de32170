"""Float graphs with random weights, and how near their integer programs come to them.

    graphs.py make NAME FOLDER       writes graph.mlir, every.mlir (all values are results) and in.npz
    graphs.py statistics FOLDER      every.npz to statistics.json
    graphs.py compare FOLDER FILE    the worst relative error of FILE to graph.npz, by output
"""
import json
import sys

import numpy as np

random = np.random.default_rng(7)
B, S, C = 3, 7, 16


def literal(array):
    """Nested lists as MLIR writes floats: always with a point."""
    return f"{array:.6f}" if array.ndim == 0 else "[" + ", ".join(map(literal, array)) + "]"


class Graph:
    """Builds the text of @main op by op."""

    def __init__(self):
        self.arguments, self.lines, self.values, self.inputs = [], [], [], {}

    def argument(self, name, array, attributes=""):
        element = "i64" if array.dtype == np.int64 else "f32"
        static = [str(n) for n in array.shape[2:]]
        type = f"tensor<{'x'.join(['?', '?'] + static + [element])}>"
        self.arguments.append(f'%{name}: {type} {{intaglio.name = "{name}", intaglio.dims = '
                              f'["batch", "sequence"{"".join(f", {json.dumps(n)}" for n in static)}]{attributes}}}')
        self.inputs[name] = array
        return f"%{name}", type

    def weight(self, *shape, scale=None):
        array = random.normal(size=shape) * (scale or shape[-1] ** -0.5)
        name, type = f"%w{len(self.lines)}", f"tensor<{'x'.join(map(str, shape))}xf32>"
        self.lines.append(f"{name} = arith.constant dense<{literal(array)}> : {type}")
        return name, type

    def table(self, array):
        name, type = f"%w{len(self.lines)}", f"tensor<{'x'.join(map(str, array.shape))}xf32>"
        self.lines.append(f"{name} = arith.constant dense<{literal(array)}> : {type}")
        return name, type

    def op(self, op, operands, type=None, attributes=""):
        type = type or operands[0][1]
        name = f"%v{len(self.lines)}"
        self.lines.append(f'{name} = intaglio.{op} {", ".join(o[0] for o in operands)} {attributes} : '
                          f'({", ".join(o[1] for o in operands)}) -> {type} loc("{name[1:]}")')
        if type.endswith("f32>"):
            self.values.append((name, type))
        return name, type

    def linear(self, x, size):
        inner = int(x[1].split("x")[-2])
        type = x[1].rsplit("x", 2)[0] + f"x{size}xf32>"
        return self.op("linear", [x, self.weight(size, inner), self.weight(size)], type)

    def norm(self, x):
        size = int(x[1].split("x")[-2])
        return self.op("layer_norm", [x, self.weight(size, scale=1), self.weight(size, scale=0.3)], None,
                       "{epsilon = 1.0e-12 : f64}")

    def text(self, results):
        types = ", ".join(f'{t} {{intaglio.name = "{n[1:]}"}}' for n, t in results)
        body = "\n  ".join(self.lines)
        limits = "attributes {intaglio.max_dims = {sequence = %d : i64}}" % S
        return (f"func.func @main({', '.join(self.arguments)}) -> ({types}) {limits} {{\n  {body}\n  return "
                f"{', '.join(n for n, _ in results)} : {', '.join(t for _, t in results)}\n}}\n")


def data(graph):
    return graph.argument("x", random.normal(size=(B, S, C)).astype(np.float32))


def mask_of(graph):
    mask = np.ones((B, S), np.int64)
    mask[0, 4:] = mask[1, 1:] = 0
    return graph.argument("mask", mask)


def embedded(graph):
    ids = graph.argument("ids", random.integers(0, 11, (B, S)), ", intaglio.range = array<i64: 0, 10>")
    return graph.op("embedding", [graph.weight(11, C, scale=1), ids], f"tensor<?x?x{C}xf32>")


def classifier(graph):
    """A head on the first token: dense, tanh, labels; both are results."""
    x = graph.norm(embedded(graph))
    first = graph.op("pool", [x], f"tensor<?x{C}xf32>", "{kind = #intaglio.pool_kind<cls>}")
    pooled = graph.op("tanh", [graph.linear(first, C)])
    return [graph.linear(pooled, 3), pooled]


def relu(graph):
    """Rectified layers, the maximum over tokens."""
    x = data(graph)
    y = graph.op("relu", [graph.linear(x, 32)])
    z = graph.op("add", [graph.linear(y, C), x])
    rectified = graph.op("relu", [z])
    mask = mask_of(graph)
    return [graph.op("pool", [rectified, mask], f"tensor<?x{C}xf32>", "{kind = #intaglio.pool_kind<max>}"),
            graph.op("relu", [graph.linear(rectified, 5)])]


def gates(graph):
    """SwiGLU, and every activation as a result of its own."""
    x = data(graph)
    gate = graph.op("silu", [graph.linear(x, 32)])
    y = graph.linear(graph.op("mul", [gate, graph.linear(x, 32)]), C)
    forms = [graph.op("gelu", [graph.linear(x, 8)], None, f"{{approximate = #intaglio.gelu_form<{form}>}}")
             for form in ("none", "tanh", "quick")]
    return [y, graph.op("sigmoid", [graph.linear(x, 8)])] + forms


def rotary(graph):
    """Attention with rotary positions behind an RMSNorm."""
    x = embedded(graph)
    h = graph.op("rms_norm", [x, graph.weight(C, scale=1)], None, "{epsilon = 1.0e-5 : f64}")
    angles = np.outer(np.arange(S), 10.0 ** -np.arange(4))
    cos, sin = graph.table(np.cos(angles)), graph.table(np.sin(angles))
    rope = lambda t, extra="": graph.op("rope", [t, cos, sin], None, "{num_heads = 2 : i64" + extra + "}")
    q, k = rope(graph.linear(h, C)), rope(graph.linear(h, C))
    mask = mask_of(graph)
    a = graph.op("attention", [q, k, graph.linear(h, C), mask], None, "{num_heads = 2 : i64, scale = 0.35 : f64}")
    return [graph.op("add", [graph.linear(a, C), x]), rope(graph.linear(h, C), ", interleaved")]


def products(graph):
    """Attention written out: products of activations and a softmax."""
    x = data(graph)
    q, k, v = graph.linear(x, C), graph.linear(x, C), graph.linear(x, C)
    scores = graph.op("matmul", [q, k], "tensor<?x?x?xf32>", "{transpose_rhs}")
    p = graph.op("softmax", [scores])
    return [graph.op("matmul", [p, v], f"tensor<?x?x{C}xf32>"), p]


def residual(graph):
    """Norms before the layers, an activation that is normalized, unit vectors."""
    x = data(graph)
    y = graph.op("add", [graph.linear(graph.norm(x), C), x])
    z = graph.norm(graph.op("gelu", [graph.linear(graph.norm(y), C)]))
    mask = mask_of(graph)
    mean = graph.op("pool", [z, mask], f"tensor<?x{C}xf32>", "{kind = #intaglio.pool_kind<mean>}")
    return [z, mean, graph.op("l2_normalize", [mean]), y]


def tables(graph):
    """Every activation between two layers."""
    x = data(graph)
    ops = [("gelu", "{approximate = #intaglio.gelu_form<none>}"), ("gelu", "{approximate = #intaglio.gelu_form<quick>}"),
           ("silu", ""), ("sigmoid", ""), ("tanh", "")]
    return [graph.linear(graph.op(op, [graph.linear(x, 32)], None, form), C) for op, form in ops]


def make(name, folder):
    graph = Graph()
    results = globals()[name](graph)
    open(f"{folder}/graph.mlir", "w").write(graph.text(results))
    open(f"{folder}/every.mlir", "w").write(graph.text(graph.values))
    np.savez(f"{folder}/in.npz", **graph.inputs)


def statistics(folder):
    """Extremes, and a flat histogram between them. Padding is not left out."""
    edges = []
    inputs = {n: a for n, a in np.load(f"{folder}/in.npz").items() if a.dtype == np.float32}
    observed = open(f"{folder}/observed.mlir").read()
    for name, array in {**inputs, **np.load(f"{folder}/every.npz")}.items():
        if f'id = "{name}"' not in observed:
            continue
        low, high = float(min(array.min(), 0)), float(max(array.max(), 0))
        exponent = next(e for e in range(-149, 118) if max(-low, high) < 2048 * 2.0**e)
        bins = lambda extreme: [1] * (int(extreme / 2.0**exponent) + 1) if extreme else []
        channels = array.reshape(-1, array.shape[-1])
        edges.append({"id": name, "samples": 1, "minimum": low, "maximum": high, "exponent": exponent, "negative": bins(-low),
                      "positive": bins(high), "sum_of_minima": "0", "sum_of_maxima": "0",
                      "channel_minima": np.minimum(channels.min(0), 0).tolist(),
                      "channel_maxima": np.maximum(channels.max(0), 0).tolist()})
    lines = ",\n".join(map(json.dumps, edges))
    open(f"{folder}/statistics.json", "w").write(
        '{"format":"intaglio-calibration","version":1,"model":"graphs","samples":1,"edges":[\n' + lines + "\n]}\n")


def compare(folder, file):
    expected, found = np.load(f"{folder}/graph.npz"), np.load(file)
    for name in expected:
        error = np.linalg.norm(expected[name] - found[name]) / np.linalg.norm(expected[name])
        print(f"{name} {expected[name].shape} {error:.4f}")
        if not error < 0.04:
            sys.exit(f"{name}: relative error {error:.4f}")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
