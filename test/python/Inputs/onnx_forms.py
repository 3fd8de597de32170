"""Small encoders as ONNX graphs, in every form that exporters write (docs/Rationale/Raise.md): build(choice) makes one of a choice
for each of FORMS.

The numbers are random but seeded: two graphs of one seed differ in form only.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HIDDEN, HEADS, WIDE, LAYERS, VOCABULARY, TYPES, POSITIONS, PADDING = 16, 4, 32, 2, 40, 2, 24, 1
HEAD = HIDDEN // HEADS
FIXED = (3, 7)  # batch and sequence of graphs that have fixed ones
LOW = float(np.finfo(np.float32).min)

FORMS = {
    "opset": (13, 14, 17, 18, 20, 21),
    "style": ("legacy", "dynamo", "constant"),  # how targets of reshapes are made
    "norm": ("operator", "pow", "product", "reciprocal"),
    "place": ("post", "pre"),
    "activation": ("operator", "erf", "erf-product", "tanh", "quick", "silu", "relu"),
    "mask": ("legacy", "dynamo", "subtract", "where", "replace", "true", "none"),
    "scale": ("multiply", "divide", "both", "run-time", "query"),
    "keys": ("direct", "two", "three"),
    "bias": ("first", "last", "gemm", "shared"),
    "positions": ("buffer", "range", "roberta", "constant-shape"),
    "types": ("input", "buffer", "zeros", "none"),
    "inputs": ("named", "unnamed", "fixed"),  # their sizes
    "ids": ("int64", "int32", "cast"),  # their elements; cast: of INT32, made INT64 at once
    "head": ("hidden", "mean", "mean-expanded", "first", "classify", "normalize", "max", "two-outputs"),
}


def is_possible(choice):
    """Forms that newer operator sets only have."""
    return not (choice["norm"] == "operator" and choice["opset"] < 17) and not (
        choice["activation"] == "operator" and choice["opset"] < 20)


class Graph:
    """A graph under construction: values are their names."""

    def __init__(self, opset, seed):
        self.opset, self.nodes, self.initializers, self.count = opset, [], [], 0
        self.random = np.random.default_rng(seed)

    def op(self, kind, *inputs, **attributes):
        self.count += 1
        output = f"v{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=f"/{kind}_{self.count}", **attributes))
        return output

    def constant(self, value, kind=np.float32, name=None):
        array = np.asarray(value, kind)
        if name is None:
            self.count += 1
            name = f"c{self.count}"
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def ints(self, *values):
        return self.constant(values, np.int64)

    def weight(self, name, *shape, scale=0.3, shift=0.0):
        return self.constant(shift + scale * self.random.standard_normal(shape), name=name)

    def axes(self, kind, x, axis, **attributes):
        """A reduction: its axes are an attribute or an input, as the operator set has it."""
        if self.opset >= (13 if kind == "ReduceSum" else 18):
            return self.op(kind, x, self.ints(axis), **attributes)
        return self.op(kind, x, axes=[axis], **attributes)

    def size(self, x, axis, legacy=True):
        """The size of an axis: a scalar, or [1] as dynamo makes it (Shape with bounds from opset 15 on)."""
        if legacy:
            return self.op("Gather", self.op("Shape", x), self.constant(axis, np.int64), axis=0)
        if self.opset >= 15:
            return self.op("Shape", x, start=axis, end=axis + 1)
        return self.op("Slice", self.op("Shape", x), self.ints(axis), self.ints(axis + 1), self.ints(0))


class Encoder:
    def __init__(self, choice, seed=0):
        self.choice = choice
        self.g = Graph(choice["opset"], seed)
        self.outputs = []

    # Pieces.

    def linear(self, x, name, inputs, outputs, rank=3):
        g, form = self.g, self.choice["bias"]
        weight = g.weight(f"{name}.weight", inputs, outputs)
        bias = g.weight(f"{name}.bias", outputs)
        if form == "gemm" and rank == 2:
            turned = g.constant(2 * numpy_helper.to_array(g.initializers[-2]).T)
            return g.op("Gemm", x, turned, bias, transB=1, alpha=0.5)
        if form == "shared":
            bias = g.op("Identity", bias)
        product = g.op("MatMul", x, weight)
        return g.op("Add", bias, product) if form == "first" else g.op("Add", product, bias)

    def layer_norm(self, x, name):
        g, form = self.g, self.choice["norm"]
        gain, bias = g.weight(f"{name}.weight", HIDDEN, scale=0.2, shift=1), g.weight(f"{name}.bias", HIDDEN)
        if form == "operator":
            return g.op("LayerNormalization", x, gain, bias, axis=-1, epsilon=1e-12)
        epsilon = g.constant(1e-5)
        centred = g.op("Sub", x, g.axes("ReduceMean", x, -1))
        square = g.op("Pow", centred, g.constant(2.0)) if form == "pow" else g.op("Mul", centred, centred)
        root = g.op("Sqrt", g.op("Add", g.axes("ReduceMean", square, -1), epsilon))
        if form == "reciprocal":
            normal = g.op("Mul", g.op("Reciprocal", root), centred)
            return g.op("Add", bias, g.op("Mul", gain, normal))
        return g.op("Add", g.op("Mul", g.op("Div", centred, root), gain), bias)

    def activation(self, x):
        g, form = self.g, self.choice["activation"]
        one, half = g.constant(1.0), g.constant(0.5)
        if form == "operator":
            return g.op("Gelu", x, approximate="none")
        if form == "erf":
            erf = g.op("Erf", g.op("Div", x, g.constant(2 ** 0.5)))
            return g.op("Mul", g.op("Mul", x, g.op("Add", erf, one)), half)
        if form == "erf-product":
            erf = g.op("Erf", g.op("Mul", g.constant(0.5 ** 0.5), x))
            return g.op("Mul", g.op("Mul", half, g.op("Add", one, erf)), x)
        if form == "tanh":
            cube = g.op("Mul", g.op("Pow", x, g.constant(3.0)), g.constant(0.044715))
            tanh = g.op("Tanh", g.op("Mul", g.op("Add", x, cube), g.constant((2 / np.pi) ** 0.5)))
            return g.op("Mul", g.op("Mul", x, half), g.op("Add", tanh, one))
        if form == "quick":
            return g.op("Mul", x, g.op("Sigmoid", g.op("Mul", g.constant(1.702), x)))
        if form == "silu":
            return g.op("Mul", g.op("Sigmoid", x), x)
        return g.op("Relu", x)

    def target(self, x, *rest):
        """[batch, sequence, *rest] as the target of a reshape."""
        g, style = self.g, self.choice["style"]
        if style == "constant":
            return g.ints(0, 0, *rest), {}
        if style == "legacy":
            sizes = [g.op("Unsqueeze", g.size(x, axis), g.ints(0)) for axis in (0, 1)]
            return g.op("Concat", *sizes, *(g.ints(n) for n in rest), axis=0), {}
        sizes = [g.size(x, axis, legacy=False) for axis in (0, 1)]
        return g.op("Concat", *sizes, g.ints(*rest), axis=0), {"allowzero": 1} if g.opset >= 14 else {}

    def heads(self, x, perm=(0, 2, 1, 3)):
        g = self.g
        count = HEADS if self.choice["keys"] == "two" else -1
        target, attributes = self.target(x, count, HEAD)
        return g.op("Transpose", g.op("Reshape", x, target, **attributes), perm=list(perm))

    def keys(self, x):
        g, form = self.g, self.choice["keys"]
        if form == "direct":
            return self.heads(x, (0, 2, 3, 1))
        split = self.heads(x)
        if form == "two":
            return g.op("Transpose", split, perm=[0, 1, 3, 2])
        shape = g.op("Shape", split)
        least, most = g.ints(-2 ** 63), g.ints(2 ** 63 - 1)
        outer = g.op("Slice", shape, least, g.ints(-2), g.ints(0))
        inner = g.op("Slice", shape, g.ints(-2), most)
        flat = g.op("Reshape", split, g.op("Concat", g.ints(-1), inner, axis=0))
        turned = g.op("Transpose", flat, perm=[0, 2, 1])
        swapped = [g.op("Slice", inner, g.ints(1), g.ints(2)), g.op("Slice", inner, g.ints(0), g.ints(1))]
        return g.op("Reshape", turned, g.op("Concat", outer, *swapped, axis=0))

    def scale(self, q, k, x):
        """The operands of the product of queries and keys, and what is done to it."""
        g, form = self.g, self.choice["scale"]
        if form == "multiply":
            return q, k, lambda s: g.op("Mul", s, g.constant(HEAD ** -0.5))
        if form == "divide":
            return q, k, lambda s: g.op("Div", s, g.constant(HEAD ** 0.5))
        if form == "query":
            return g.op("Div", q, g.constant(HEAD ** 0.5)), k, lambda s: s
        if form == "both":
            factor = g.constant(HEAD ** -0.25)
        else:
            size = g.op("Slice", g.op("Shape", q), g.ints(-1), g.ints(2 ** 63 - 1))
            root = g.op("Sqrt", g.op("Cast", size, to=TensorProto.FLOAT))
            inverse = g.op("Div", g.constant([1.0]), g.op("Cast", root, to=TensorProto.FLOAT))
            factor = g.op("Sqrt", inverse)
        return g.op("Mul", q, factor), g.op("Mul", factor, k), lambda s: s

    def broadcast_mask(self, dynamo):
        """mask[b, k] as [batch, 1, query, key], by an index of broadcast ranges."""
        g, mask = self.g, "attention_mask"
        batch, sequence = g.size(mask, 0), g.size(mask, 1)
        zero, one = g.constant(0, np.int64), g.constant(1, np.int64)
        def span(size, *axes):
            return g.op("Unsqueeze", g.op("Range", zero, size, one), g.ints(*axes))
        b, key = span(batch, 1, 2, 3), span(sequence, 0, 1, 2)
        flags = g.op("Cast", mask, to=TensorProto.BOOL)
        if dynamo:
            both = [g.op("Expand", i, g.op("Concat", *(g.op("Unsqueeze", n, g.ints(0)) for n in (batch, one, one, sequence)),
                                           axis=0)) for i in (b, key)]
            index = g.op("Concat", *(g.op("Unsqueeze", i, g.ints(-1)) for i in both), axis=-1)
            picked = g.op("GatherND", flags, index)
        else:
            flat = g.op("Reshape", flags, g.ints(-1))
            picked = g.op("Gather", flat, g.op("Add", g.op("Mul", b, sequence), key), axis=0)
        query = span(sequence, 0, 1, 3)
        true = g.op("And", g.op("GreaterOrEqual", query, zero), g.constant(True, bool))
        joined = g.op("And", true, picked)
        if dynamo:
            return joined
        shape = g.op("Concat", *(g.op("Unsqueeze", n, g.ints(0)) for n in (batch, one, sequence, sequence)), axis=0)
        # torch's "-1 keeps the size".
        ones = g.op("ConstantOfShape", g.ints(4), value=helper.make_tensor("value", TensorProto.INT64, [1], [1]))
        kept = g.op("Where", g.op("Equal", shape, g.op("Mul", ones, g.constant(-1, np.int64))), ones, shape)
        return g.op("Expand", joined, kept)

    def mask(self, scores):
        g, form = self.g, self.choice["mask"]
        if form == "none":
            return scores
        if form == "true":
            return g.op("Add", scores, g.op("Where", g.constant([[[[True]]]], bool), g.constant(0.0), g.constant(LOW)))
        if form in ("legacy", "dynamo"):
            blocked = g.constant(-np.inf if form == "legacy" else LOW)
            return g.op("Add", scores, g.op("Where", self.broadcast_mask(form == "dynamo"), g.constant(0.0), blocked))
        if form == "replace":
            equal = g.op("Equal", "attention_mask", self.id_constant(0))
            shape = g.op("Concat", *(g.op("Unsqueeze", g.size("attention_mask", 0), g.ints(0)), g.ints(1), g.ints(1),
                                     g.op("Unsqueeze", g.size("attention_mask", 1), g.ints(0))), axis=0)
            expanded = g.op("Expand", g.op("Reshape", equal, shape), g.op("Shape", scores))
            return g.op("Where", g.op("Cast", expanded, to=TensorProto.BOOL), g.constant(LOW), scores)
        flags = g.op("Cast", g.op("Unsqueeze", "attention_mask", g.ints(1, 2)), to=TensorProto.FLOAT)
        inverse = g.op("Sub", g.constant(1.0), flags)
        if form == "subtract":
            return g.op("Add", scores, g.op("Mul", inverse, g.constant(LOW)))
        return g.op("Add", scores, g.op("Where", g.op("Cast", inverse, to=TensorProto.BOOL), g.constant(LOW), inverse))

    def attention(self, x, name):
        g = self.g
        q, k, v = (self.linear(x, f"{name}.{part}", HIDDEN, HIDDEN) for part in ("query", "key", "value"))
        q, k, after = self.scale(self.heads(q), self.keys(k), x)
        p = g.op("Softmax", self.mask(after(g.op("MatMul", q, k))), axis=-1)
        if self.choice["mask"] == "legacy":
            p = g.op("Where", g.op("IsNaN", p), g.constant(0.0), p)
        context = g.op("Transpose", g.op("MatMul", p, self.heads(v)), perm=[0, 2, 1, 3])
        target, attributes = self.target(context, HIDDEN)
        return self.linear(g.op("Reshape", context, target, **attributes), f"{name}.output", HIDDEN, HIDDEN)

    def layer(self, x, name):
        g = self.g
        pre = self.choice["place"] == "pre"
        norms = [lambda y, n=n: self.layer_norm(y, f"{name}.norm{n}") for n in (1, 2)]
        a = self.attention(norms[0](x) if pre else x, name)
        x = g.op("Add", a, x)
        x = x if pre else norms[0](x)
        y = norms[1](x) if pre else x
        y = self.linear(self.activation(self.linear(y, f"{name}.wide", HIDDEN, WIDE)), f"{name}.narrow", WIDE, HIDDEN)
        y = g.op("Add", x, y)
        return y if pre else norms[1](y)

    def position_ids(self):
        g, form = self.g, self.choice["positions"]
        sequence = g.size("input_ids", 1)
        zero, one = g.constant(0, np.int64), g.constant(1, np.int64)
        if form == "range":
            return g.op("Unsqueeze", g.op("Range", zero, sequence, one), g.ints(0))
        if form == "buffer":
            buffer = g.constant([range(POSITIONS)], np.int64)
            return g.op("Slice", buffer, g.ints(0), g.op("Unsqueeze", sequence, g.ints(0)), g.ints(1), g.ints(1))
        if form == "constant-shape":
            ones = g.op("ConstantOfShape", g.op("Shape", "input_ids"),
                        value=helper.make_tensor("value", TensorProto.INT64, [1], [0]))
            return g.op("Add", ones, g.op("Range", zero, sequence, one))
        padding = g.constant(PADDING, np.int64)
        real = g.op("Cast", g.op("Not", g.op("Equal", "input_ids", self.id_constant(PADDING))), to=TensorProto.INT32)
        count = g.op("Mul", g.op("CumSum", real, one), real)
        return g.op("Add", g.op("Cast", count, to=TensorProto.INT64), padding)

    def embeddings(self):
        g, types = self.g, self.choice["types"]
        x = g.op("Gather", g.weight("words.weight", VOCABULARY, HIDDEN, scale=1), "input_ids")
        table = g.weight("types.weight", TYPES, HIDDEN)
        if types == "input":
            x = g.op("Add", x, g.op("Gather", table, "token_type_ids"))
        elif types == "zeros":
            zeros = g.op("ConstantOfShape", g.op("Shape", "input_ids"),
                         value=helper.make_tensor("value", TensorProto.INT64, [1], [0]))
            x = g.op("Add", x, g.op("Gather", table, zeros))
        elif types == "buffer":
            buffer = g.constant(np.zeros((1, POSITIONS)), np.int64)
            batch = g.op("Unsqueeze", g.size("input_ids", 0), g.ints(0))
            rows = g.op("Expand", buffer, g.op("Concat", batch, g.ints(POSITIONS), axis=0))
            shape = g.op("Shape", "input_ids")
            index = g.op("Expand", g.op("Unsqueeze", g.op("Range", g.constant(0, np.int64), g.size("input_ids", 1),
                                                          g.constant(1, np.int64)), g.ints(0)), shape)
            x = g.op("Add", x, g.op("Gather", table, g.op("GatherElements", rows, index, axis=1)))
        positions = g.op("Gather", g.weight("positions.weight", POSITIONS, HIDDEN), self.position_ids())
        return self.layer_norm(g.op("Add", x, positions), "embeddings")

    def pool(self, x):
        g, form = self.g, self.choice["head"]
        if form in ("first", "classify"):
            return g.op("Gather", x, g.constant(0, np.int64), axis=1)
        flags = g.op("Unsqueeze", "attention_mask", g.ints(-1))
        if form == "max":
            blocked = g.op("Where", g.op("Equal", flags, self.id_constant(0)), g.constant(-1e9), x)
            return g.axes("ReduceMax", blocked, 1, keepdims=0)
        if form == "mean-expanded":
            flags = g.op("Expand", flags, g.op("Shape", x))
        flags = g.op("Cast", flags, to=TensorProto.FLOAT)
        total = g.axes("ReduceSum", g.op("Mul", x, flags), 1, keepdims=0)
        count = g.op("Clip", g.axes("ReduceSum", flags, 1, keepdims=0), g.constant(1e-9), "")
        return g.op("Div", total, count)

    def build(self):
        g, form = self.g, self.choice["head"]
        x = self.embeddings()
        for index in range(LAYERS):
            x = self.layer(x, f"layer.{index}")
        results = [x]
        if form != "hidden":
            y = self.pool(x)
            if form == "classify":
                y = self.linear(g.op("Tanh", self.linear(y, "pooler", HIDDEN, HIDDEN, 2)), "classifier", HIDDEN, 3, 2)
            if form == "normalize":
                norm = g.op("Clip", g.axes("ReduceL2", y, 1), g.constant(1e-12), "")
                y = g.op("Div", y, g.op("Expand", norm, g.op("Shape", y)))
            results = [x, y] if form == "two-outputs" else [y]
        return self.finish(x, results)

    def id_constant(self, value):
        return self.g.constant(value, np.int32 if self.choice["ids"] == "int32" else np.int64)

    def cast_inputs(self, names):
        """Nodes read the inputs as INT64."""
        g = self.g
        for node in g.nodes:
            node.input[:] = [name + ".wide" if name in names else name for name in node.input]
        g.nodes[:0] = [helper.make_node("Cast", [name], [name + ".wide"], to=TensorProto.INT64) for name in names]

    def finish(self, hidden, results):
        g = self.g
        names = ["input_ids", "attention_mask"] + ["token_type_ids"] * (self.choice["types"] == "input")
        sizes = {"named": ["batch", "sequence"], "unnamed": [None, None], "fixed": FIXED}[self.choice["inputs"]]
        if self.choice["ids"] == "cast":
            self.cast_inputs(names)
        kind = TensorProto.INT64 if self.choice["ids"] == "int64" else TensorProto.INT32
        inputs = [helper.make_tensor_value_info(name, kind, sizes) for name in names]
        outputs = []
        for index, result in enumerate(results):
            g.nodes.append(helper.make_node("Identity", [result], [f"result_{index}"]))
            outputs.append(helper.make_tensor_value_info(f"result_{index}", TensorProto.FLOAT, [None] * (3 if result == hidden else 2)))
        graph = helper.make_graph(g.nodes, "encoder", inputs, outputs, g.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.choice["opset"])])
        model.ir_version = 8 if self.choice["opset"] < 19 else 10
        onnx.checker.check_model(model)
        return model


def build(choice, seed=0):
    return Encoder(choice, seed).build()


def make_inputs(choice, seed, batch, sequence):
    """Ids with padding behind the tokens, as tokenizers give them; each sample has one token at least."""
    random = np.random.default_rng(seed)
    ids = random.integers(2, VOCABULARY, (batch, sequence))
    mask = np.ones((batch, sequence), np.int64)
    for row in range(1, batch):
        mask[row, random.integers(1, sequence):] = 0
    ids[mask == 0] = PADDING
    arrays = {"input_ids": ids, "attention_mask": mask}
    if choice["types"] == "input":
        arrays["token_type_ids"] = random.integers(0, TYPES, (batch, sequence))
    kind = np.int64 if choice["ids"] == "int64" else np.int32
    return {name: array.astype(kind) for name, array in arrays.items()}
