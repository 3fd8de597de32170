//===- Passes.td - from a float graph to an integer program --------------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_PASSES
#define INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def InsertObserversPass : Pass<"intaglio-insert-observers", "::mlir::ModuleOp"> {
  let summary = "`observe` on the edges of @main that need a range, and nowhere else";
  let description = [{
    Which edges need one follows from `QuantizableOpInterface`: an i8 activation and an i16 stream do;
    an accumulator that the reader takes as it is does not. The id of an edge is the name of the op
    that makes it (of its location; the name of an argument), a second edge of one name gets `#1`, and
    so on. Where the edge has the leading axes of the program's `[batch, sequence]` mask, `observe`
    gets it.

    An op that stays float gets the attribute `intaglio.float` with the reason: its name matches
    `keep-float`, or it has no integer form. The name is that of the source; an op without one goes by
    its kind (`gelu`). A `keep-float` that matches no float op is an error.
  }];
  let options = [
    ListOption<"keepFloat", "keep-float", "std::string",
      "regular expressions over names of ops that stay float">,
    Option<"byteActivations", "byte-activations", "bool", "false",
      "observe what goes into an activation (gelu, silu, ...) that is read as bytes, so that it becomes "
      "a table">
  ];
  let statistics = [Statistic<"observed", "observed", "edges that are observed">];
}

def ApplyCalibrationPass : Pass<"intaglio-apply-calibration", "::mlir::ModuleOp"> {
  let summary = "`observe` to `fake_quant`, and `fake_quant` on weights and tables";
  let description = [{
    Activations become i8 per tensor, affine, or symmetric in [-127, 127] where a reader demands it, in
    the range that the observer finds; streams become symmetric i16 in the range of the extremes, with
    `headroom` for data unlike that of calibration. An edge that is read in both forms is i16 first and
    i8 from there. Weights become symmetric i8 in [-127, 127] for each output channel, tables for each
    row.
  }];
  let options = [
    Option<"statistics", "statistics", "std::string", "\"\"", "the file of --save-calibration">,
    Option<"observer", "observer", "std::string", "\"mse\"",
      "minmax, moving-average, percentile, entropy or mse: how the range of an i8 edge is found">,
    ListOption<"observerFor", "observer-for", "std::string",
      "REGEX=OBSERVER: another observer for the edges whose id matches, the first that does">,
    Option<"headroom", "headroom", "double", "2.0",
      "how far beyond the observed extremes an i16 edge reaches, as a factor">,
    Option<"smoothing", "smoothing", "double", "0.5",
      "alpha of `intaglio-smooth-activations`, which runs first; negative: it does not">
  ];
}

def SmoothActivationsPass : Pass<"intaglio-smooth-activations", "::mlir::ModuleOp"> {
  let summary = "outlier channels of normalized activations move into the weights that read them";
  let description = [{
    What `linear` ops read of an observed `layer_norm` or `rms_norm` is divided by a factor for each
    channel, their weights multiplied by it: the float program means the same, and its i8 edges have
    channels of like size. The factor is folded into a second norm, which in integers is a rescale of
    the first. `apply-calibration` does this by itself (`smoothing`).
  }];
  let options = [
    Option<"statistics", "statistics", "std::string", "\"\"", "the file of --save-calibration">,
    Option<"alpha", "alpha", "double", "0.5", "how much of the range moves, 0 ... 1">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def VerifyCalibratedPass : Pass<"intaglio-verify-calibrated", "::mlir::ModuleOp"> {
  let summary = "contract of calibrate: every quantizable edge carries `fake_quant`, or the reason why not";
}

def FoldFakeQuantPass : Pass<"intaglio-fold-fake-quant", "::mlir::ModuleOp"> {
  let summary = "`fake_quant` to integers: weights to codes, edges to quantized types";
  let description = [{
    Weights and tables become i8 constants under `quant.scast`, biases i32 at the accumulator's scale,
    edges `!quant.uniform`. An op whose result calibration decides gets the type of its `fake_quant`;
    elsewhere, and where an edge is read in two forms, `fake_quant` becomes `requantize`. Arguments are
    quantized, results dequantized. Float ops stand between `dequantize` and `quantize`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::quant::QuantDialect"];
}

def VerifyQuantizedPass : Pass<"intaglio-verify-quantized", "::mlir::ModuleOp"> {
  let summary = "contract of quantize: no `fake_quant` left, float only where it is declared";
}

def ConvertToIntegersPass : Pass<"intaglio-convert-to-integers", "::mlir::ModuleOp"> {
  let summary = "quantized types to plain integers, graph ops to integer ops";
  let description = [{
    Every ratio of scales becomes a dyadic, every non-linearity its integer form, all constants computed
    in float64 and rounded once (docs/Spec.md). The zero point of a `linear` input moves into the bias.
    An activation from i8 to i8 becomes a table. A sequence without `intaglio.max_dims` gets the limit of
    the integer ops, 65536.
  }];
  let options = [
    Option<"nonlinear", "nonlinear", "std::string", "\"minimax\"",
      "minimax or ibert: the set of integer functions">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::quant::QuantDialect"];
}

def SplitBoundaryPass : Pass<"intaglio-split-boundary", "::mlir::ModuleOp"> {
  let summary = "all that is integer to functions of their own";
  let description = [{
    @main keeps quantize, dequantize and the ops that are float on purpose (`intaglio.float`), and calls
    private functions that hold everything else: @main_integer; and @main_integer_1 and so on behind
    float ops.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def VerifyIntegerOnlyPass : Pass<"intaglio-verify-integer-only", "::mlir::ModuleOp"> {
  let summary = "contract of integerize: float at the boundary only";
  let description = [{
    Every function but @main has no float type, op or attribute. @main quantizes, calls, dequantizes,
    and holds the ops that are float on purpose (`intaglio.float`).
  }];
}

def VerifyRangesPass : Pass<"intaglio-verify-ranges", "::mlir::ModuleOp"> {
  let summary = "contract of integerize: proves that every intermediate fits its width";
  let description = [{
    Interval analysis over the real constants, for each channel, of every bound that docs/Spec.md marks
    with R (C-WIDTH-1). Sequences are as long as `intaglio.max_dims` allows, ids as large as
    `intaglio.range`. A program that may overflow is refused, with the op, the quantity and its bounds.
  }];
  let options = [
    Option<"remark", "remark", "bool", "false", "tell the smallest spare bits, and where they are">
  ];
  let statistics = [
    Statistic<"proved", "widths-proved", "intermediates with a width">,
    Statistic<"smallestSpareBits", "smallest-spare-bits", "bits that the tightest of them never uses">
  ];
}

#endif // INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_PASSES
