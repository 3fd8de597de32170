//===- Graph.h - an ONNX graph as a function ------------------------------------------------===//

#ifndef INTAGLIO_LIB_IMPORT_ONNX_GRAPH_H
#define INTAGLIO_LIB_IMPORT_ONNX_GRAPH_H

#include "Operators.h"
#include "Tensors.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

namespace intaglio::onnx_import {

/// Builds `@main` from a graph. Goes on after an error to find the others; `hasFailed` tells.
class GraphImporter {
public:
  GraphImporter(llvm::StringRef file, int64_t opset, mlir::ModuleOp module);

  /// Adds `@main` to the module. The graph's tensors are taken out of it.
  mlir::LogicalResult import(onnx::GraphProto &graph);

private:
  mlir::InFlightDiagnostic error(mlir::Location at);
  mlir::Location locationOf(const onnx::NodeProto &node, unsigned index);

  void addInput(const onnx::ValueInfoProto &input);
  void addInitializer(onnx::TensorProto &tensor);
  void addNode(onnx::NodeProto &node, unsigned index);
  void addConstant(onnx::NodeProto &node, mlir::Location at);
  void addSource(onnx::NodeProto &node, mlir::Location at, const Operator *op);
  void addOutputs(const onnx::GraphProto &graph);

  /// Whether the operator is known and takes this number of inputs.
  bool checkOperator(const onnx::NodeProto &node, const Operator *op, mlir::Location at);
  mlir::Attribute attributeOf(const onnx::AttributeProto &attribute, mlir::Location at);
  /// The type of an input; null after an error.
  mlir::RankedTensorType typeOf(const onnx::ValueInfoProto &info, mlir::ArrayAttr &dims);
  mlir::Type resultElement(const Operator *op, mlir::ValueRange inputs,
                           mlir::DictionaryAttr attributes);
  /// The value of this name; after an error a stand-in, so that its users give no further errors.
  mlir::Value lookUp(const std::string &name, mlir::Location at);
  void define(const std::string &name, mlir::Value value, mlir::Location at);

  std::string file;
  int64_t opset;
  mlir::ModuleOp module;
  mlir::OpBuilder builder;
  TensorReader tensors;
  mlir::Location fileLocation;
  mlir::func::FuncOp function;
  llvm::StringMap<mlir::Value> values;
  /// Names that nodes make, to tell a wrong order from a name that nobody makes.
  llvm::StringSet<> made;
  bool hasFailed = false;
};

} // namespace intaglio::onnx_import

#endif // INTAGLIO_LIB_IMPORT_ONNX_GRAPH_H
