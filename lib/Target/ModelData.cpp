//===- ModelData.cpp - what the runtime must know of a model, as an object file ------------===//
//
// The constants mirror the structures of include/intaglio/Runtime/abi.h, field by field.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Runtime/abi.h"
#include "intaglio/Target/Object.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"

using namespace llvm;
using namespace intaglio;

static Expected<intaglio_dtype> dtypeOf(const TensorInfo &tensor) {
  mlir::Type type = tensor.elementType;
  if (type.isF32())
    return INTAGLIO_F32;
  if (type.isSignlessInteger(8))
    return INTAGLIO_I8;
  if (type.isSignlessInteger(16))
    return INTAGLIO_I16;
  if (type.isSignlessInteger(32))
    return INTAGLIO_I32;
  if (type.isSignlessInteger(64))
    return INTAGLIO_I64;
  std::string text;
  raw_string_ostream(text) << type;
  return createStringError("'" + tensor.name + "' has elements of type " + text +
                           ": an artefact takes and gives i8, i16, i32, i64 and f32");
}

namespace {
/// Makes the constants of one module.
class Builder {
public:
  Builder(Module &module) : module(module), context(module.getContext()) {}

  Constant *i32(int64_t value) { return ConstantInt::getSigned(Type::getInt32Ty(context), value); }
  Constant *i64(int64_t value) { return ConstantInt::getSigned(Type::getInt64Ty(context), value); }
  Constant *null() { return ConstantPointerNull::get(PointerType::getUnqual(context)); }

  /// The address of a private constant.
  Constant *addressOf(Constant *value) {
    return new GlobalVariable(module, value->getType(), /*isConstant=*/true,
                              GlobalValue::PrivateLinkage, value, "data");
  }
  Constant *text(StringRef value) {
    return addressOf(ConstantDataArray::getString(context, value));
  }
  Constant *record(ArrayRef<Constant *> fields) { return ConstantStruct::getAnon(context, fields); }
  /// The address of an array of equal records, null if there are none.
  Constant *array(ArrayRef<Constant *> elements) {
    if (elements.empty())
      return null();
    return addressOf(
        ConstantArray::get(ArrayType::get(elements[0]->getType(), elements.size()), elements));
  }

  Expected<Constant *> tensor(const TensorInfo &info, const ModelInfo &model);
  Expected<Constant *> tensors(ArrayRef<TensorInfo> infos, const ModelInfo &model);
  Constant *step(const StepInfo &info);

private:
  Module &module;
  LLVMContext &context;
};
} // namespace

/// `intaglio_tensor_info`
Expected<Constant *> Builder::tensor(const TensorInfo &info, const ModelInfo &model) {
  Expected<intaglio_dtype> dtype = dtypeOf(info);
  if (!dtype)
    return dtype.takeError();
  SmallVector<Constant *> shape;
  for (const DimInfo &dim : info.dims) {
    auto named = llvm::find(model.dims, dim.name);
    if (dim.size < 0 && named == model.dims.end())
      return createStringError("'" + info.name + "' has an axis '" + dim.name +
                               "' of unknown size, which no input has");
    shape.push_back(i64(dim.size >= 0 ? dim.size : -1 - (named - model.dims.begin())));
  }
  return record({text(info.name), i32(*dtype), i32(info.dims.size()), array(shape),
                 i32(info.optional), i32(info.range.has_value()),
                 i64(info.range ? info.range->first : 0),
                 i64(info.range ? info.range->second : 0)});
}

Expected<Constant *> Builder::tensors(ArrayRef<TensorInfo> infos, const ModelInfo &model) {
  SmallVector<Constant *> elements;
  for (const TensorInfo &info : infos) {
    Expected<Constant *> element = tensor(info, model);
    if (!element)
      return element.takeError();
    elements.push_back(*element);
  }
  return array(elements);
}

/// `intaglio_step_info`
Constant *Builder::step(const StepInfo &info) {
  SmallVector<Constant *> powers;
  for (int32_t power : info.dimPowers)
    powers.push_back(i32(power));
  return record({text(info.kernel), text(info.kind), text(info.source), i64(info.multiplyAdds),
                 array(powers)});
}

Expected<ObjectBytes> intaglio::emitModelData(const ModelInfo &info, const ModelFacts &facts,
                                              TargetMachine &machine) {
  LLVMContext context;
  Module module("model-data", context);
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  Builder b(module);
  SmallVector<Constant *> dims;
  for (auto [name, max] : zip_equal(info.dims, info.maxDims)) // intaglio_dim_info
    dims.push_back(b.record({b.text(name), b.i64(std::max<int64_t>(max, 0))}));
  Expected<Constant *> inputs = b.tensors(info.inputs, info);
  if (!inputs)
    return inputs.takeError();
  Expected<Constant *> outputs = b.tensors(info.outputs, info);
  if (!outputs)
    return outputs.takeError();
  SmallVector<Constant *> steps;
  // Without an operating system nothing is profiled, and memory is dear.
  if (machine.getTargetTriple().getOS() != Triple::UnknownOS)
    for (const StepInfo &step : info.steps)
      steps.push_back(b.step(step));
  bool file = !facts.weightsFile.empty();
  Constant *data =
      b.record({// intaglio_model_info
                b.i32(INTAGLIO_ABI_VERSION), b.i32(info.dims.size()), b.i32(info.inputs.size()),
                b.i32(info.outputs.size()), b.array(dims), *inputs, *outputs, b.text(facts.target),
                b.i64(facts.weightBytes), b.text(facts.isa), b.i64(int64_t(facts.cpuFeatures)),
                b.text(facts.proofs), file ? b.text(facts.weightsFile) : b.null(),
                file ? b.text(facts.weightsId) : b.null(), b.i32(steps.size()), b.array(steps)});
  auto *global = new GlobalVariable(module, data->getType(), /*isConstant=*/true,
                                    GlobalValue::ExternalLinkage, data, "intaglio_model_data");
  global->setVisibility(GlobalValue::HiddenVisibility);
  return emitCode(module, machine, CodeGenFileType::ObjectFile);
}
