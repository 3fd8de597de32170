//===- Interpret.cpp - a program on named arrays --------------------------------------------===//

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Reference/Interpreter.h"
#include "intaglio/Target/Inputs.h"

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

/// Arrays in the order of the entry's arguments, all of it checked.
static llvm::Expected<Tensors> bindArguments(const ModelInfo &info, ArrayRef<Array> arrays) {
  llvm::Expected<BoundInputs> bound = bindInputs(info, arrays);
  if (!bound)
    return bound.takeError();
  Tensors arguments;
  for (auto [input, array] : llvm::zip_equal(info.inputs, bound->inputs)) {
    if (input.range)
      if (llvm::Error error = checkElements(input, array))
        return error;
    auto type = RankedTensorType::get(array.shape, input.elementType);
    std::optional<Tensor> tensor = Tensor::of(type, array.bytes, array.owner);
    if (!tensor)
      return llvm::createStringError("input '" + array.name + "' does not fit the memory");
    arguments.push_back(*tensor);
  }
  return arguments;
}

llvm::Expected<std::vector<Array>> reference::interpret(ModuleOp program, ArrayRef<Array> arrays) {
  FailureOr<ModelInfo> info = describeModel(program);
  if (failed(info))
    return llvm::createStringError("the program has no interface that can be run");
  llvm::Expected<Tensors> arguments = bindArguments(*info, arrays);
  if (!arguments)
    return arguments.takeError();
  auto entry = program.lookupSymbol<func::FuncOp>("main");
  FailureOr<Tensors> results = Interpreter().run(entry, *arguments);
  if (failed(results))
    return llvm::createStringError("the program cannot be interpreted");
  std::vector<Array> outputs;
  for (auto [output, tensor] : llvm::zip_equal(info->outputs, *results))
    outputs.push_back({output.name, tensor.getStorage(), llvm::to_vector(tensor.getShape()),
                       tensor.getBytes(), tensor.getOwner()});
  return outputs;
}
