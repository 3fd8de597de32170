//===- IntaglioBase.td - the dialect, its enums and type constraints -----------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_BASE
#define INTAGLIO_DIALECT_INTAGLIO_IR_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Intaglio_Dialect : Dialect {
  let name = "intaglio";
  let cppNamespace = "::intaglio";
  let summary = "Transformers as float graphs, quantized graphs and integer programs";
  let description = [{
    One dialect in four families: *graph* ops mean the same whatever their element type; *quant* ops
    are the bridge between float and integers; *integer* ops carry integers only and have one exact
    meaning (`docs/Spec.md`); the *source* op stands for an operator of an imported format until
    `raise` has recognised it. Types are upstream's: tensors of `f32`, of `!quant.uniform` and of
    plain integers.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::arith::ArithDialect"];
  let useDefaultAttributePrinterParser = 1;
}

class Intaglio_Op<string mnemonic, list<Trait> traits = []> : Op<Intaglio_Dialect, mnemonic, traits>;

class Intaglio_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::intaglio";
  let genSpecializedAttr = 0;
}

class Intaglio_EnumAttr<EnumAttrInfo info, string name> : EnumAttr<Intaglio_Dialect, info, name> {
  let assemblyFormat = "`<` $value `>`";
}

def Intaglio_GeluForm : Intaglio_Enum<"GeluForm", "which function is called GELU", [
  I32EnumAttrCase<"None", 0, "none">,   // x * Phi(x), by erf
  I32EnumAttrCase<"Tanh", 1, "tanh">,   // 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
  I32EnumAttrCase<"Quick", 2, "quick">  // x * sigmoid(1.702 x)
]>;
def Intaglio_GeluFormAttr : Intaglio_EnumAttr<Intaglio_GeluForm, "gelu_form">;

def Intaglio_PoolKind : Intaglio_Enum<"PoolKind", "how the tokens of a sequence become one row", [
  I32EnumAttrCase<"Mean", 0, "mean">,
  I32EnumAttrCase<"Cls", 1, "cls">,
  I32EnumAttrCase<"Max", 2, "max">
]>;
def Intaglio_PoolKindAttr : Intaglio_EnumAttr<Intaglio_PoolKind, "pool_kind">;

def Intaglio_NonLinear : Intaglio_Enum<"NonLinear", "which set of integer polynomials", [
  I32EnumAttrCase<"Minimax", 0, "minimax">,
  I32EnumAttrCase<"Ibert", 1, "ibert">
]>;
def Intaglio_NonLinearAttr : Intaglio_EnumAttr<Intaglio_NonLinear, "nonlinear">;

def Intaglio_BlockCode : Intaglio_Enum<"BlockCode", "4-bit code of block-wise weights", [
  I32EnumAttrCase<"Nf4", 0, "nf4">,
  I32EnumAttrCase<"Fp4", 1, "fp4">,
  I32EnumAttrCase<"Int4", 2, "int4">
]>;
def Intaglio_BlockCodeAttr : Intaglio_EnumAttr<Intaglio_BlockCode, "block_code">;

/// A 64-bit integer read as signed (upstream's I64Attr reads it as unsigned).
def Intaglio_I64Attr : TypedSignlessIntegerAttrBase<I64, "int64_t", "64-bit integer attribute"> {
  let convertFromStorage = "$_self.getInt()";
}

/// f32, a quantized element, or a plain integer: what a graph op may hold.
def Intaglio_Element : AnyTypeOf<[F32,
  Type<CPred<"::llvm::isa<::mlir::quant::QuantizedType>($_self)">, "quantized type">,
  I8, I16, I32, I64]>;
def Intaglio_Tensor : RankedTensorOf<[Intaglio_Element]>;
def Intaglio_QuantTensor : RankedTensorOf<[
  Type<CPred<"::llvm::isa<::mlir::quant::QuantizedType>($_self)">, "quantized type">]>;
def Intaglio_FloatTensor : RankedTensorOf<[F32]>;
def Intaglio_IndexTensor : RankedTensorOf<[I64]>;
def Intaglio_IntegerTensor : RankedTensorOf<[I8, I16, I32, I64]>;

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_BASE
