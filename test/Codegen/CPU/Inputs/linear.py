"""Writes a module whose @main runs one `linear` kernel on 1 to 13 rows and returns the number of elements that
differ from the same body lowered as plain loops, plus the distance of the sum of all results to Python's.

usage: linear.py N K rescale|tensor|residual|float
"""
import sys

n, k, epilogue = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
ROWS = range(1, 14)
SHIFT = 36
state = 1


def draw(low, high):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return low + (state >> 33) % (high - low + 1)


def activation(i, j):
    return (i * 89 + j * 37 + i * j) % 256 - 128


def residual(i, j):
    return (i * 331 + j * 17) % 2000 - 1000


real = epilogue == "float"
weights = [[draw(-4, 4) if real else draw(-127, 127) for _ in range(k)] for _ in range(n)]
bias = [draw(-9, 9) if real else draw(-9000, 9000) for _ in range(n)]
multipliers = [draw(2**20, 2**22)] if epilogue == "tensor" else [draw(2**20, 2**22) for _ in range(n)]
if epilogue == "residual":
    multipliers = [m * 64 for m in multipliers]
bound = 32767 if epilogue == "residual" else 127


def result(i, j):
    acc = bias[j] + sum(activation(i, p) * weights[j][p] for p in range(k))
    if real:
        return acc
    scaled = (acc * multipliers[j % len(multipliers)] + 2**(SHIFT - 1)) >> SHIFT
    if epilogue == "residual":
        scaled += residual(i, j)
    return max(-bound - 1, min(bound, scaled))


rows = [sum(result(i, j) for j in range(n)) for i in range(ROWS[-1])]
expected = sum(sum(rows[:m]) for m in ROWS)

x, w, acc, out = ("f32", "f32", "f32", "f32") if real else ("i8", "i8", "i32", "i16" if epilogue == "residual" else "i8")
point = ".0" if real else ""
listed = lambda values: "[" + ", ".join(f"{v}{point}" for v in values) + "]"
count = len(multipliers)
maps = """#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (n, k)>
#acc = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(m, n) -> (m, n)>
#column = affine_map<(m, n) -> (n)>
#one = affine_map<(m, n) -> (0)>
#none = affine_map<(m, n) -> ()>"""
product = """%l = arith.extsi %a : i8 to i32
    %r = arith.extsi %b : i8 to i32
    %p = arith.muli %l, %r : i32
    %s = arith.addi %c, %p : i32""" if not real else "%p = arith.mulf %a, %b : f32\n    %s = arith.addf %c, %p : f32"
add = """%rw = arith.extsi %res : i16 to i64
    %t = arith.addi %q, %rw : i64""" if epilogue == "residual" else "%t = arith.addi %q, %zero : i64"
extra = epilogue == "residual"
finish = "" if real else f"""
  %half = arith.constant {2**(SHIFT - 1)} : i64
  %shift = arith.constant {SHIFT} : i64
  %zero = arith.constant 0 : i64
  %low = arith.constant {-bound - 1} : i64
  %high = arith.constant {bound} : i64
  %y = linalg.generic {{indexing_maps = [#id, {"#one" if count == 1 else "#column"}{", #id" if extra else ""}, #id], iterator_types = ["parallel", "parallel"]}}
    ins(%sums, %mul{", %add" if extra else ""} : tensor<?x{n}xi32>, tensor<{count}xi32>{f", tensor<?x{n}xi16>" if extra else ""}) outs(%dst : tensor<?x{n}x{out}>) {{
  ^bb0(%v: i32, %m: i32, {"%res: i16, " if extra else ""}%o: {out}):
    %v64 = arith.extsi %v : i32 to i64
    %m64 = arith.extsi %m : i32 to i64
    %p = arith.muli %v64, %m64 : i64
    %h = arith.addi %p, %half : i64
    %q = arith.shrsi %h, %shift : i64
    {add}
    %lo = arith.maxsi %t, %low : i64
    %hi = arith.minsi %lo, %high : i64
    %n = arith.trunci %hi : i64 to {out}
    linalg.yield %n : {out}
  }} -> tensor<?x{n}x{out}>"""


def function(name, attributes):
    start = "%dst" if real else "%empty"
    return f"""
func.func private @{name}(%x: tensor<?x{k}x{x}>, %weights: tensor<{n}x{k}x{w}>, %bias: tensor<{n}x{acc}>, %mul: tensor<{count}xi32>,
    %add: tensor<?x{n}xi16>, %dst: tensor<?x{n}x{out}>) -> tensor<?x{n}x{out}> {attributes} {{
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x{k}x{x}>
  %empty = tensor.empty(%rows) : tensor<?x{n}x{acc}>
  %start = linalg.generic {{indexing_maps = [#column, #id], iterator_types = ["parallel", "parallel"]}} ins(%bias : tensor<{n}x{acc}>) outs({start} : tensor<?x{n}x{acc}>) {{
  ^bb0(%b: {acc}, %o: {acc}):
    linalg.yield %b : {acc}
  }} -> tensor<?x{n}x{acc}>
  %sums = linalg.generic {{indexing_maps = [#x, #w, #acc], iterator_types = ["parallel", "parallel", "reduction"]}}
    ins(%x, %weights : tensor<?x{k}x{x}>, tensor<{n}x{k}x{w}>) outs(%start : tensor<?x{n}x{acc}>) {{
  ^bb0(%a: {x}, %b: {w}, %c: {acc}):
    {product}
    linalg.yield %s : {acc}
  }} -> tensor<?x{n}x{acc}>{finish}
  return {"%sums" if real else "%y"} : tensor<?x{n}x{out}>
}}"""


def fill(name, width, element, ci, cj, cij, modulus, offset, to):
    convert = f"%f = arith.sitofp %d : i64 to f32\n    linalg.yield %f : f32" if to == "f32" else f"%f = arith.trunci %d : i64 to {to}\n    linalg.yield %f : {to}"
    return f"""
  %e{name} = tensor.empty(%rows) : tensor<?x{width}x{to}>
  %{name} = linalg.generic {{indexing_maps = [#id], iterator_types = ["parallel", "parallel"]}} outs(%e{name} : tensor<?x{width}x{to}>) {{
  ^bb0(%o: {to}):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %i64 = arith.index_cast %i : index to i64
    %j64 = arith.index_cast %j : index to i64
    %ci = arith.constant {ci} : i64
    %cj = arith.constant {cj} : i64
    %cij = arith.constant {cij} : i64
    %p0 = arith.muli %i64, %ci : i64
    %p1 = arith.muli %j64, %cj : i64
    %ij = arith.muli %i64, %j64 : i64
    %p2 = arith.muli %ij, %cij : i64
    %s0 = arith.addi %p0, %p1 : i64
    %s1 = arith.addi %s0, %p2 : i64
    %mod = arith.constant {modulus} : i64
    %r = arith.remsi %s1, %mod : i64
    %off = arith.constant {offset} : i64
    %d = arith.addi %r, %off : i64
    {convert}
  }} -> tensor<?x{width}x{to}>"""


cast = (lambda v, to: f"%{to} = arith.fptosi %{v} : f32 to i64") if real else (lambda v, to: f"%{to} = arith.extsi %{v} : {out} to i64")
signature = f"(tensor<?x{k}x{x}>, tensor<{n}x{k}x{w}>, tensor<{n}x{acc}>, tensor<{count}xi32>, tensor<?x{n}xi16>, tensor<?x{n}x{out}>) -> tensor<?x{n}x{out}>"
print(maps, function("kernel", 'attributes {intaglio.kernel = "linear"}'), function("reference", "attributes {no_inline}"), f"""
func.func private @compare(%rows: index) -> (i64, i64) {{{fill("x", k, x, 89, 37, 1, 256, -128, x)}{fill("add", n, "i16", 331, 17, 0, 2000, -1000, "i16")}
  %w = arith.constant dense<[{", ".join(listed(r) for r in weights)}]> : tensor<{n}x{k}x{w}>
  %b = arith.constant dense<{listed(bias)}> : tensor<{n}x{acc}>
  %m = arith.constant dense<{multipliers}> : tensor<{count}xi32>
  %d0 = tensor.empty(%rows) : tensor<?x{n}x{out}>
  %d1 = tensor.empty(%rows) : tensor<?x{n}x{out}>
  %y = call @kernel(%x, %w, %b, %m, %add, %d0) : {signature}
  %z = call @reference(%x, %w, %b, %m, %add, %d1) : {signature}
  %zero = arith.constant 0 : i64
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %cn = arith.constant {n} : index
  %r:2 = scf.for %i = %c0 to %rows step %c1 iter_args(%a0 = %zero, %a1 = %zero) -> (i64, i64) {{
    %s:2 = scf.for %j = %c0 to %cn step %c1 iter_args(%b0 = %a0, %b1 = %a1) -> (i64, i64) {{
      %u = tensor.extract %y[%i, %j] : tensor<?x{n}x{out}>
      %v = tensor.extract %z[%i, %j] : tensor<?x{n}x{out}>
      {cast("u", "u64")}
      {cast("v", "v64")}
      %ne = arith.cmpi ne, %u64, %v64 : i64
      %inc = arith.extui %ne : i1 to i64
      %n0 = arith.addi %b0, %inc : i64
      %n1 = arith.addi %b1, %u64 : i64
      scf.yield %n0, %n1 : i64, i64
    }}
    scf.yield %s#0, %s#1 : i64, i64
  }}
  return %r#0, %r#1 : i64, i64
}}
func.func @main() -> i64 attributes {{llvm.emit_c_interface}} {{
  %zero = arith.constant 0 : i64
  %c1 = arith.constant 1 : index
  %end = arith.constant {ROWS[-1] + 1} : index
  %r:2 = scf.for %rows = %c1 to %end step %c1 iter_args(%a = %zero, %b = %zero) -> (i64, i64) {{
    %c:2 = func.call @compare(%rows) : (index) -> (i64, i64)
    %n = arith.addi %a, %c#0 : i64
    %s = arith.addi %b, %c#1 : i64
    scf.yield %n, %s : i64, i64
  }}
  %expected = arith.constant {expected} : i64
  %off = arith.subi %r#1, %expected : i64
  %back = arith.subi %zero, %off : i64
  %distance = arith.maxsi %off, %back : i64
  %bad = arith.addi %r#0, %distance : i64
  return %bad : i64
}}""")
