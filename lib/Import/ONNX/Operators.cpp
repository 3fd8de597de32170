//===- Operators.cpp - the ONNX operators that the importer takes ---------------------------===//

#include "Operators.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <climits>

using namespace intaglio::onnx_import;

static constexpr Operator operators[] = {
    {"Add", 2, 2, ElementRule::First},
    {"And", 2, 2, ElementRule::Bool},
    {"Cast", 1, 1, ElementRule::To},
    {"Clip", 1, 3, ElementRule::First},
    {"Concat", 1, UINT_MAX, ElementRule::First},
    {"ConstantOfShape", 1, 1, ElementRule::Value},
    {"CumSum", 2, 2, ElementRule::First},
    {"Div", 2, 2, ElementRule::First},
    {"Dropout", 1, 3, ElementRule::First},
    {"Equal", 2, 2, ElementRule::Bool},
    {"Erf", 1, 1, ElementRule::First},
    {"Expand", 2, 2, ElementRule::First},
    {"Flatten", 1, 1, ElementRule::First},
    {"Gather", 2, 2, ElementRule::First},
    {"GatherElements", 2, 2, ElementRule::First},
    {"GatherND", 2, 2, ElementRule::First},
    {"Gelu", 1, 1, ElementRule::First},
    {"Gemm", 2, 3, ElementRule::First},
    {"Greater", 2, 2, ElementRule::Bool},
    {"GreaterOrEqual", 2, 2, ElementRule::Bool},
    {"Identity", 1, 1, ElementRule::First},
    {"IsNaN", 1, 1, ElementRule::Bool},
    {"LayerNormalization", 2, 3, ElementRule::First},
    {"Less", 2, 2, ElementRule::Bool},
    {"LessOrEqual", 2, 2, ElementRule::Bool},
    {"LpNormalization", 1, 1, ElementRule::First},
    {"MatMul", 2, 2, ElementRule::First},
    {"Max", 1, UINT_MAX, ElementRule::First},
    {"Min", 1, UINT_MAX, ElementRule::First},
    {"Mod", 2, 2, ElementRule::First},
    {"Mul", 2, 2, ElementRule::First},
    {"Neg", 1, 1, ElementRule::First},
    {"Not", 1, 1, ElementRule::Bool},
    {"Or", 2, 2, ElementRule::Bool},
    {"Pow", 2, 2, ElementRule::First},
    {"Range", 3, 3, ElementRule::First},
    {"Reciprocal", 1, 1, ElementRule::First},
    {"ReduceL2", 1, 2, ElementRule::First},
    {"ReduceMax", 1, 2, ElementRule::First},
    {"ReduceMean", 1, 2, ElementRule::First},
    {"ReduceSum", 1, 2, ElementRule::First},
    {"Relu", 1, 1, ElementRule::First},
    {"Reshape", 2, 2, ElementRule::First},
    {"Shape", 1, 1, ElementRule::Int64},
    {"Sigmoid", 1, 1, ElementRule::First},
    {"Slice", 3, 5, ElementRule::First},
    {"Softmax", 1, 1, ElementRule::First},
    {"Sqrt", 1, 1, ElementRule::First},
    {"Squeeze", 1, 2, ElementRule::First},
    {"Sub", 2, 2, ElementRule::First},
    {"Tanh", 1, 1, ElementRule::First},
    {"Transpose", 1, 1, ElementRule::First},
    {"Unsqueeze", 2, 2, ElementRule::First},
    {"Where", 3, 3, ElementRule::Second},
};

const Operator *intaglio::onnx_import::findOperator(llvm::StringRef name) {
  const Operator *found =
      llvm::find_if(operators, [&](const Operator &op) { return op.name == name; });
  return found == std::end(operators) ? nullptr : found;
}

llvm::StringRef intaglio::onnx_import::nearestOperator(llvm::StringRef name) {
  // Of one purpose rather than of one spelling.
  llvm::StringRef related =
      llvm::StringSwitch<llvm::StringRef>(name)
          .Cases({"Conv", "ConvInteger", "ConvTranspose", "Einsum"}, "MatMul")
          .Cases({"AveragePool", "GlobalAveragePool"}, "ReduceMean")
          .Cases({"MaxPool", "GlobalMaxPool"}, "ReduceMax")
          .Cases({"BatchNormalization", "GroupNormalization", "InstanceNormalization",
                  "RMSNormalization"},
                 "LayerNormalization")
          .Cases({"Elu", "HardSwish", "LeakyRelu", "Mish", "Selu", "Softplus"}, "Gelu")
          .Default("");
  if (!related.empty())
    return related;
  return llvm::min_element(operators,
                           [&](const Operator &a, const Operator &b) {
                             return name.edit_distance(a.name) < name.edit_distance(b.name);
                           })
      ->name;
}
