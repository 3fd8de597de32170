"""Random encoders as integer programs, each compared compiled and interpreted.

encoders.py --print SEED                   prints the program of a seed
encoders.py COUNT FIRST [--small] [ARGUMENTS OF intaglio-check]
                                           compares the programs of COUNT seeds from FIRST on

A program has 1 to 16 heads of odd and even widths, a batch of 1 to 8 and up to 512 tokens, with or without a mask, and ops
of both sets of polynomials. Scales are drawn so that values use the range of their types and saturate now and then.
"""
import math
import random
import subprocess
import sys
import tempfile

LONGEST = 512
WIDTHS = {"i8": 8, "i16": 16, "i32": 32}


class Program:
    """Text of a program while it is built. A value is (name, element type, channels, leading axes)."""

    def __init__(self, seed, small):
        self.random = random.Random(seed)
        self.small = small
        self.lines = []
        self.count = 0

    # Text.

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def emit(self, text, type_text):
        name = self.name()
        self.lines.append(f"    {name} = {text} : {type_text}")
        return name

    def constant(self, values, shape, element):
        flat = values if isinstance(values, str) else self.nested(values, shape)
        shaped = "x".join(map(str, shape)) + "x" + element
        return self.emit(f"arith.constant dense<{flat}>", f"tensor<{shaped}>")

    def nested(self, values, shape):
        if len(shape) == 1:
            return "[" + ", ".join(map(str, values)) + "]"
        step = len(values) // shape[0]
        return "[" + ", ".join(self.nested(values[i * step:(i + 1) * step], shape[1:]) for i in range(shape[0])) + "]"

    @staticmethod
    def type(value):
        _, element, channels, leading = value
        return "tensor<" + "?x" * leading + f"{channels}x{element}>"

    @staticmethod
    def attributes(**values):
        return "{" + ", ".join(f"{key} = {value} : i64" for key, value in values.items()) + "}"

    # Numbers.

    def bytes(self, count):
        return [self.random.randint(-127, 127) for _ in range(count)]

    def dyadic(self, scale, channels):
        """Multipliers around `scale`, one for each channel or one, and their shift."""
        mantissa, exponent = math.frexp(scale)
        shift = 31 - exponent
        count = channels if self.random.random() < 0.7 else 1
        top = int(mantissa * 2**31)
        return [self.random.randint(top // 2, top) for _ in range(count)], shift

    def zero_point(self, element):
        return self.random.choice([0, 0, self.random.randint(-128, 127)]) if element == "i8" else 0

    # Ops.

    def rescale(self, value, element, scale, low=None, high=None, symmetric=False):
        multipliers, shift = self.dyadic(scale, value[2])
        constant = self.constant(multipliers, [len(multipliers)], "i32")
        bits = WIDTHS[element]
        zero = 0 if symmetric else self.zero_point(element)
        low = -(1 << (bits - 1)) if low is None else max(low, -(1 << (bits - 1)))
        result = (None, element, value[2], value[3])
        attributes = self.attributes(shift=shift, input_zp=self.zero_point(value[1]), output_zp=zero, min=low,
                                     max=(1 << (bits - 1)) - 1 if high is None else high)
        name = self.emit(f"intaglio.rescale {value[0]}, {constant} {attributes}",
                         f"({self.type(value)}, tensor<{len(multipliers)}xi32>) -> {self.type(result)}")
        return (name,) + result[1:]

    def narrow_rescale(self, value, element, scale):
        """By 16-bit multipliers; the shift is now and then one that 16-bit lanes cannot do."""
        mantissa, exponent = math.frexp(scale)
        top = int(mantissa * 2**15)
        count = value[2] if self.random.random() < 0.5 else 1
        multipliers = [self.random.randint(-top, top) for _ in range(count)]
        constant = self.constant(multipliers, [count], "i16")
        limit = 1 << (WIDTHS[element] - 1)
        result = (None, element, value[2], value[3])
        attributes = self.attributes(shift=15 - exponent, input_zp=0, output_zp=self.zero_point(element),
                                     min=-limit, max=limit - 1 - self.random.choice([0, 0, 7]))
        name = self.emit(f"intaglio.rescale {value[0]}, {constant} {attributes}",
                         f"({self.type(value)}, tensor<{count}xi16>) -> {self.type(result)}")
        return (name,) + result[1:]

    def linear(self, value, out):
        weight = self.constant(self.bytes(out * value[2]), [out, value[2]], "i8")
        result = (None, "i32", out, value[3])
        types = [self.type(value), f"tensor<{out}x{value[2]}xi8>"]
        operands = [value[0], weight]
        if self.random.random() < 0.8:
            bias = [self.random.randint(-100000, 100000) for _ in range(out)]
            operands.append(self.constant(bias, [out], "i32"))
            types.append(f"tensor<{out}xi32>")
        name = self.emit(f"intaglio.linear {', '.join(operands)}", f"({', '.join(types)}) -> {self.type(result)}")
        return (name,) + result[1:]

    def accumulator_scale(self, depth, target):
        """Brings the sum of `depth` products of bytes to about `target`."""
        return target / (math.sqrt(depth) * 73 * 73) * self.random.uniform(0.5, 2)

    def dense(self, value, out, element="i8", target=90, **bounds):
        return self.rescale(self.linear(value, out), element, self.accumulator_scale(value[2], target), **bounds)

    def add(self, left, right, element="i16"):
        def term(value, depth):
            spread = {"i8": 73, "i16": 8000, "i32": math.sqrt(depth) * 73 * 73}[value[1]]
            return self.dyadic(8000 / spread * 256 * self.random.uniform(0.3, 1), value[2])

        (ml, sl), (mr, sr) = term(left, left[2]), term(right, right[2])
        cl, cr = self.constant(ml, [len(ml)], "i32"), self.constant(mr, [len(mr)], "i32")
        result = (None, element, left[2], left[3])
        attributes = self.attributes(lhs_shift=sl, lhs_zp=self.zero_point(left[1]), rhs_shift=sr,
                                     rhs_zp=self.zero_point(right[1]), fraction=8, output_zp=0)
        name = self.emit(f"intaglio.i_add {left[0]}, {right[0]}, {cl}, {cr} {attributes}",
                         f"({self.type(left)}, {self.type(right)}, tensor<{len(ml)}xi32>, tensor<{len(mr)}xi32>)"
                         f" -> {self.type(result)}")
        return (name,) + result[1:]

    def norm(self, value):
        """Of a stream of 16 bits, to 16 bits of about 8000 a unit."""
        channels = value[2]
        kind = self.random.choice(["i_layer_norm", "i_layer_norm", "i_rms_norm", "ibert_layer_norm"])
        types = [self.type(value)]
        if kind == "ibert_layer_norm":
            bias = self.constant([self.random.randint(-2**28, 2**28) for _ in range(channels)], [channels], "i64")
            multipliers = [self.random.choice([-1, 1, 1]) * self.random.randint(2**22, 2**23) for _ in range(channels)]
            if self.random.random() < 0.3:
                multipliers = multipliers[:1]
            operands = [bias, self.constant(multipliers, [len(multipliers)], "i32")]
            types += [f"tensor<{channels}xi64>", f"tensor<{len(multipliers)}xi32>"]
            attributes = self.attributes(prescale=self.random.choice([0, 0, 1, 4]), shift=38, output_zp=0)
        else:
            gamma = [self.random.choice([-1, 1, 1, 1]) * self.random.randint(0, 2**24) for _ in range(channels)]
            operands = [self.constant(gamma, [channels], "i32")]
            types.append(f"tensor<{channels}xi32>")
            if kind == "i_layer_norm":
                beta = [self.random.randint(-2**38, 2**38) for _ in range(channels)]
                operands.append(self.constant(beta, [channels], "i64"))
                types.append(f"tensor<{channels}xi64>")
            attributes = self.attributes(epsilon=self.random.choice([0, 12, 10**6]), shift=26, output_zp=0)
        name = self.emit(f"intaglio.{kind} {', '.join([value[0]] + operands)} {attributes}",
                         f"({', '.join(types)}) -> {self.type(value)}")
        return (name,) + value[1:]

    def to_byte(self, value, symmetric=False):
        low = -127 if symmetric else None
        return self.rescale(value, "i8", 1 / 90 * self.random.uniform(0.5, 2), low=low, symmetric=symmetric)

    def rope(self, value, heads, **bounds):
        """Rotates pairs of channels by the position, and comes back to bytes."""
        half = value[2] // heads // 2
        angles = [position * self.random.uniform(0.001, 1) for position in range(LONGEST) for _ in range(half)]
        cosines, sines = ([round(16384 * function(angle)) for angle in angles] for function in (math.cos, math.sin))
        tables = [self.constant(table, [LONGEST, half], "i16") for table in (cosines, sines)]
        result = (None, "i16", value[2], value[3])
        interleaved = self.random.choice(["", ", interleaved"])
        name = self.emit(f"intaglio.i_rope {value[0]}, {', '.join(tables)} {{num_heads = {heads} : i64{interleaved}}}",
                         f"({self.type(value)}, {', '.join([f'tensor<{LONGEST}x{half}xi16>'] * 2)}) -> {self.type(result)}")
        return self.rescale((name,) + result[1:], "i8", self.random.uniform(0.5, 1.5), symmetric=True, **bounds)

    def attention(self, value, heads, mask):
        channels = value[2]
        query = self.dense(value, channels, low=-127, symmetric=True)
        key, other = (self.dense(value, channels, symmetric=True) for _ in range(2))
        if channels // heads % 2 == 0 and self.random.random() < 0.5:
            query, key = self.rope(query, heads, low=-127), self.rope(key, heads)
        operands, types, result = [query[0], key[0], other[0]], [self.type(query)] * 3, self.type(query)
        masked, mask_type = ([mask], ["tensor<?x?xi64>"]) if mask else ([], [])
        if self.random.random() < 0.25:
            attributes = self.attributes(num_heads=heads, ln2=-694, b=2707, c=2792000, n=30, multiplier=1288490189,
                                         shift=68, output_multiplier=self.random.randint(2**30, 2**31 - 1),
                                         output_shift=38, output_zp=self.zero_point("i8"))
            name = self.emit(f"intaglio.ibert_attention {', '.join(operands + masked)} {attributes}",
                             f"({', '.join(types + mask_type)}) -> {result}")
            return (name,) + query[1:]
        head = channels // heads
        table = [255] + sorted((self.random.randint(0, 255) for _ in range(254)), reverse=True) + [0]
        table = self.constant([x - 256 if x > 127 else x for x in table], [256], "i8")
        step = self.random.randint(64, 65535)
        shift = max(0, math.ceil(math.log2(head)) - 1) if head > 1 else 0
        attributes = self.attributes(num_heads=heads, score_shift=shift, step=step,
                                     rounding=(65536 + step) // (2 * step),
                                     numerator=self.random.randint(2**31, 2**34), output_zp=self.zero_point("i8"))
        name = self.emit(f"intaglio.i_attention {', '.join(operands + [table] + masked)} {attributes}",
                         f"({', '.join(types + ['tensor<256xi8>'] + mask_type)}) -> {result}")
        return (name,) + query[1:]

    def polynomial(self, name, value, **constants):
        attributes = " " + self.attributes(**constants) if constants else ""
        result = self.emit(f"intaglio.{name} {value[0]}{attributes}", f"({self.type(value)}) -> {self.type(value)}")
        return (result,) + value[1:]

    def activation(self, value, out):
        """linear, a function, back to a byte."""
        kind = self.random.choice(["i_gelu", "narrow_gelu", "i_silu", "i_tanh", "i_sigmoid", "ibert_gelu", "relu", "lookup"])
        if kind == "relu":
            return self.dense(value, out, low=0, symmetric=True)
        if kind == "lookup":
            byte = self.dense(value, out)
            table = self.constant([self.random.randint(-128, 127) for _ in range(256)], [256], "i8")
            name = self.emit(f"intaglio.lookup {byte[0]}, {table}",
                             f"({self.type(byte)}, tensor<256xi8>) -> {self.type(byte)}")
            return (name,) + byte[1:]
        if kind == "ibert_gelu":
            wide = self.dense(value, out, "i32", 2500, low=-100000, high=100000)
            wide = self.polynomial(kind, wide, b=-2501, c=-6926000, n=14, one=-423)
            return self.rescale(wide, "i8", 1 / 20000 * self.random.uniform(0.5, 2))
        if kind == "narrow_gelu":
            fraction = self.random.randint(8, 11)
            narrow = self.polynomial("i_gelu", self.dense(value, out, "i16", 1.5 * 2**fraction), fraction=fraction)
            if self.random.random() < 0.3:
                narrow = self.narrow_rescale(narrow, "i16", self.random.uniform(0.1, 2))
            return self.narrow_rescale(narrow, "i8", 2**-fraction * self.random.uniform(20, 80))
        wide = self.dense(value, out, "i32", 6000, low=-2**24, high=2**24)
        wide = self.polynomial(kind, wide)
        scale = {"i_gelu": 60, "i_silu": 60, "i_tanh": 250, "i_sigmoid": 250}[kind]
        return self.rescale(wide, "i8", 1 / scale * self.random.uniform(0.5, 2))

    def gate(self, value):
        """A softmax over the channels times the bytes themselves."""
        wide = self.rescale(value, "i32", 200.0, symmetric=True)
        if self.random.random() < 0.5:
            attributes = self.attributes(multiplier=self.random.randint(2**30, 2**31 - 1), shift=self.random.randint(26, 30))
            name = "i_softmax"
        else:
            attributes = self.attributes(ln2=-694, b=2707, c=2792000, n=30, multiplier=1288490189, shift=68)
            name = "ibert_softmax"
        share = (None, "i16", value[2], value[3])
        result = self.emit(f"intaglio.{name} {wide[0]} {attributes}", f"({self.type(wide)}) -> {self.type(share)}")
        share = (result,) + share[1:]
        product = (None, "i32", value[2], value[3])
        attributes = self.attributes(lhs_zp=self.zero_point("i8"), rhs_zp=0)
        result = self.emit(f"intaglio.i_mul {value[0]}, {share[0]} {attributes}",
                           f"({self.type(value)}, {self.type(share)}) -> {self.type(product)}")
        return (result,) + product[1:]

    def embedding(self, ids, rows, channels):
        table = self.constant(self.bytes(rows * channels), [rows, channels], "i8")
        multipliers, _ = self.dyadic(0.75, rows)
        multipliers = (multipliers * rows)[:rows]
        scales = self.constant(multipliers, [rows], "i32")
        result = (None, "i16", channels, 2)
        name = self.emit(f"intaglio.i_embedding {table}, {scales}, {ids} {self.attributes(shift=24, output_zp=0)}",
                         f"(tensor<{rows}x{channels}xi8>, tensor<{rows}xi32>, tensor<?x?xi64>) -> {self.type(result)}")
        return (name,) + result[1:]

    def pool(self, value, mask):
        kind = self.random.choice(["mean", "mean", "max", "cls"])
        result = (None, "i32" if kind == "mean" else "i16", value[2], 1)
        operands, types = value[0], self.type(value)
        if mask and self.random.random() < 0.8:
            operands += f", {mask}"
            types += ", tensor<?x?xi64>"
        name = self.emit(f"intaglio.i_pool {operands} {{kind = #intaglio.pool_kind<{kind}>}}",
                         f"({types}) -> {self.type(result)}")
        return (name,) + result[1:]

    # The encoder.

    def layer(self, stream, heads, mask):
        byte = self.to_byte(stream)
        attended = self.linear(self.attention(byte, heads, mask), stream[2])
        stream = self.norm(self.add(attended, stream))
        byte = self.to_byte(stream)
        inner = self.activation(byte, self.random.choice([1, 3, 7, 16, 33, 64, 67, 130]))
        stream = self.norm(self.add(self.linear(inner, stream[2]), stream))
        if self.random.random() < 0.4:
            stream = self.add(self.gate(self.to_byte(stream)), stream)
        return stream

    def build(self):
        heads = self.random.randint(1, 16)
        most = 4 if self.small else 12
        channels = heads * self.random.choice([width for width in (1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 32) if width <= most or heads <= 4])
        rows = self.random.randint(2, 40)
        mask = "%mask" if self.random.random() < 0.75 else None
        padding = self.random.choice([None, 1])
        stream = self.embedding("%ids", rows, channels)
        attributes = f" {{padding_id = {padding} : i64}}" if padding is not None else ""
        positions = self.emit(f"intaglio.position_ids %ids{attributes}", "tensor<?x?xi64>")
        stream = self.norm(self.add(stream, self.embedding(positions, 515, channels)))
        for _ in range(1 if self.small else self.random.randint(1, 2)):
            stream = self.layer(stream, heads, mask)
        outputs = [stream]
        pooled = self.pool(stream, mask)
        ending = self.random.choice(["norm", "head", "none"])
        if ending == "norm":
            name = self.emit(f"intaglio.i_l2_normalize {pooled[0]}", f"({self.type(pooled)}) -> tensor<?x{channels}xi32>")
            outputs.append((name, "i32", channels, 1))
        elif ending == "head":
            byte = self.rescale(pooled, "i8", (1 / 256 if pooled[1] == "i32" else 1) / 90)
            outputs.append(self.linear(byte, self.random.randint(1, 5)))
        else:
            outputs.append(pooled)
        return self.text(rows, mask, outputs)

    def text(self, rows, mask, outputs):
        dims = 'intaglio.dims = ["batch", "sequence"]'
        arguments = [f'%ids: tensor<?x?xi64> {{intaglio.name = "ids", {dims}, intaglio.range = array<i64: 0, {rows - 1}>}}']
        if mask:
            arguments.append(f'%mask: tensor<?x?xi64> {{intaglio.name = "mask", {dims}, intaglio.range = array<i64: 0, 1>}}')
        plain = ", ".join(argument.split(" {")[0] for argument in arguments)
        types = [self.type(output) for output in outputs]
        floats = [f"tensor<{'?x' * o[3]}{o[2]}xf32>" for o in outputs]
        calls, returned = [], []
        for index, (output, type_text, real) in enumerate(zip(outputs, types, floats)):
            scale = self.random.choice(["1.0e-3", "5.9604644775390625E-8", "0.1", "3.1415927E-5"])
            calls.append(f"    %r{index} = intaglio.dequantize %0#{index} {{quantized = !quant.uniform<{output[1]}:f32, {scale}>}}"
                         f" : {type_text} -> {real}")
            returned.append(f"%r{index}")
        names = ", ".join(argument.split(":")[0] for argument in plain.split(", "))
        return "\n".join([
            "module {", f"  func.func @main({', '.join(arguments)}) -> ({', '.join(floats)})"
            f" attributes {{intaglio.max_dims = {{sequence = {LONGEST} : i64}}}} {{",
            f"    %0:{len(outputs)} = call @main_integer({names}) : ({', '.join(['tensor<?x?xi64>'] * len(arguments))})"
            f" -> ({', '.join(types)})", *calls, f"    return {', '.join(returned)} : {', '.join(floats)}", "  }",
            f"  func.func private @main_integer({plain}) -> ({', '.join(types)}) {{", *self.lines,
            f"    return {', '.join(output[0] for output in outputs)} : {', '.join(types)}", "  }", "}", ""])

    def sizes(self):
        """Batches and sequences; the product is bounded, as the interpreter is slow."""
        most = 600 if self.small else 4096
        result = ["1x1"]
        while len(result) < (3 if self.small else 5):
            batch, sequence = self.random.randint(1, 8), self.random.choice([2, 3, 5, 7, 15, 16, 17, 31, 33, 64, 65, 100, 128, 200, 511, 512])
            if batch * sequence <= most and (sequence <= 130 or not self.small):
                result.append(f"{batch}x{sequence}")
        return ",".join(result)


def compare(seed, small, arguments):
    program = Program(seed, small)
    text = program.build()
    with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
        file.write(text)
        file.flush()
        command = ["intaglio-check", file.name, f"--sizes={program.sizes()}", f"--seed={seed}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"seed {seed}: {' '.join(command[2:])}\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main():
    if sys.argv[1] == "--print":
        print(Program(int(sys.argv[2]), "--small" in sys.argv).build())
        return
    count, first, arguments = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    small = "--small" in arguments
    arguments = [argument for argument in arguments if argument != "--small"]
    equal = sum(compare(seed, small, arguments) for seed in range(first, first + count))
    print(f"{equal} of {count} programs are equal")
    sys.exit(equal != count)


if __name__ == "__main__":
    main()
