//===- Inputs.cpp - named arrays as the arguments of a model ---------------------------------===//

#include "intaglio/Target/Inputs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <cstring>

using namespace llvm;
using namespace intaglio;

static Error inputError(StringRef name, const Twine &message) {
  return createStringError("input '" + name + "': " + message);
}

std::optional<DType> intaglio::dtypeOf(mlir::Type type) {
  if (type.isF32())
    return DType::F32;
  if (!type.isInteger())
    return std::nullopt;
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return DType::I8;
  case 16:
    return DType::I16;
  case 32:
    return DType::I32;
  case 64:
    return DType::I64;
  }
  return std::nullopt;
}

/// "[batch, sequence, 384]".
static std::string describeShape(const TensorInfo &tensor) {
  std::string text = "[";
  raw_string_ostream os(text);
  interleaveComma(tensor.dims, os, [&](const DimInfo &dim) { os << dim.name; });
  return text + "]";
}

static std::string describeShape(ArrayRef<int64_t> shape) {
  return formatv("[{0:$[, ]}]", make_range(shape.begin(), shape.end()));
}

/// "input_ids, attention_mask, token_type_ids (optional)".
static std::string listInputs(const ModelInfo &info) {
  std::string text;
  raw_string_ostream os(text);
  interleaveComma(info.inputs, os, [&](const TensorInfo &input) {
    os << input.name << (input.optional ? " (optional)" : "");
  });
  return text;
}

static Error checkNames(const ModelInfo &info, ArrayRef<Array> arrays) {
  for (size_t i = 0; i < arrays.size(); ++i) {
    const Array &array = arrays[i];
    auto sameName = [&](const auto &other) { return other.name == array.name; };
    if (none_of(info.inputs, sameName))
      return createStringError("the model has no input '" + array.name + "': its inputs are " +
                               listInputs(info));
    if (any_of(arrays.take_front(i), sameName))
      return inputError(array.name, "given twice");
  }
  for (const TensorInfo &input : info.inputs)
    if (!input.optional && none_of(arrays, [&](const Array &a) { return a.name == input.name; }))
      return createStringError("no array for the input '" + input.name + "': the inputs are " +
                               listInputs(info));
  return Error::success();
}

namespace {
/// The sizes of the dims that are known so far, and the input that told them.
struct DimSizes {
  const ModelInfo &info;
  SmallVector<int64_t> sizes;
  SmallVector<StringRef> from;

  explicit DimSizes(const ModelInfo &info)
      : info(info), sizes(info.dims.size(), -1), from(info.dims.size()) {}

  Error set(size_t dim, int64_t size, const TensorInfo &input) {
    const std::string &name = info.dims[dim];
    if (sizes[dim] >= 0 && sizes[dim] != size)
      return inputError(input.name, formatv("'{0}' is {1} where '{2}' has {3}", name, size,
                                            from[dim], sizes[dim]));
    if (info.maxDims[dim] >= 0 && size > info.maxDims[dim])
      return inputError(input.name, formatv("'{0}' is {1}, above the model's largest, {2}", name,
                                            size, info.maxDims[dim]));
    sizes[dim] = size;
    from[dim] = input.name;
    return Error::success();
  }
};
} // namespace

static Error bindOne(const TensorInfo &input, const Array &array, DimSizes &dims) {
  std::optional<DType> dtype = dtypeOf(input.elementType);
  if (!dtype)
    return inputError(input.name, "elements of a type that no array has");
  if (array.dtype != *dtype)
    return inputError(input.name, "expected " + nameOf(*dtype) + ", found " + nameOf(array.dtype));
  auto wrong = [&] {
    return inputError(input.name, "expected the shape " + describeShape(input) + ", found " +
                                      describeShape(array.shape));
  };
  if (array.shape.size() != input.dims.size())
    return wrong();
  for (auto [dim, size] : zip_equal(input.dims, array.shape)) {
    if (dim.size >= 0 && dim.size != size)
      return wrong();
    if (dim.size >= 0)
      continue;
    if (Error error =
            dims.set(find(dims.info.dims, dim.name) - dims.info.dims.begin(), size, input))
      return error;
  }
  return Error::success();
}

/// The array of a tensor of the model with these dims.
static Expected<Array> makeTensor(const ModelInfo &info, const TensorInfo &tensor,
                                  ArrayRef<int64_t> dims, void *&data) {
  std::optional<DType> dtype = dtypeOf(tensor.elementType);
  if (!dtype)
    return createStringError("'" + tensor.name + "' has elements of a type that no array has");
  SmallVector<int64_t> shape;
  for (const DimInfo &dim : tensor.dims)
    shape.push_back(dim.size >= 0 ? dim.size : dims[find(info.dims, dim.name) - info.dims.begin()]);
  char *bytes = nullptr;
  std::optional<Array> array = makeArray(tensor.name, *dtype, shape, bytes);
  if (!array)
    return createStringError("'" + tensor.name + "' of shape " + describeShape(shape) +
                             " does not fit the memory");
  data = bytes;
  return std::move(*array);
}

Expected<BoundInputs> intaglio::bindInputs(const ModelInfo &info, ArrayRef<Array> arrays) {
  if (Error error = checkNames(info, arrays))
    return error;
  DimSizes dims(info);
  auto given = [&](const TensorInfo &input) {
    return find_if(arrays, [&](const Array &array) { return array.name == input.name; });
  };
  for (const TensorInfo &input : info.inputs)
    if (const Array *array = given(input); array != arrays.end())
      if (Error error = bindOne(input, *array, dims))
        return error;
  BoundInputs bound;
  bound.dims = dims.sizes;
  for (auto [name, size] : zip_equal(info.dims, bound.dims))
    if (size < 0)
      return createStringError("no array tells the size of '" + name + "'");
  for (const TensorInfo &input : info.inputs) {
    if (const Array *array = given(input); array != arrays.end()) {
      bound.inputs.push_back(*array);
      continue;
    }
    void *data = nullptr;
    Expected<Array> zeros = makeTensor(info, input, bound.dims, data);
    if (!zeros)
      return zeros.takeError();
    bound.inputs.push_back(std::move(*zeros));
  }
  return bound;
}

Expected<std::vector<Array>> intaglio::makeOutputs(const ModelInfo &info, ArrayRef<int64_t> dims,
                                                   SmallVectorImpl<void *> &data) {
  std::vector<Array> outputs;
  for (const TensorInfo &output : info.outputs) {
    Expected<Array> array = makeTensor(info, output, dims, data.emplace_back());
    if (!array)
      return array.takeError();
    outputs.push_back(std::move(*array));
  }
  return outputs;
}

/// Index `position` of the row-major elements, such as "[0, 17]"; the array begins at `first`.
static std::string describeIndex(ArrayRef<int64_t> shape, int64_t position, int64_t first) {
  SmallVector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; position /= shape[axis])
    index[axis] = position % shape[axis];
  if (!index.empty())
    index.front() += first;
  return describeShape(index);
}

template <typename T>
static Error checkRange(const TensorInfo &input, const Array &array, int64_t first) {
  auto [low, high] = *input.range;
  for (size_t i = 0, e = array.bytes.size() / sizeof(T); i < e; ++i) {
    T value;
    std::memcpy(&value, array.bytes.data() + i * sizeof(T), sizeof(T));
    if (value < low || value > high)
      return inputError(input.name,
                        formatv("element {0} is {1}, outside of {2} to {3}",
                                describeIndex(array.shape, i, first), value, low, high));
  }
  return Error::success();
}

static Error checkFinite(const TensorInfo &input, const Array &array, int64_t first) {
  for (size_t i = 0, e = array.bytes.size() / sizeof(float); i < e; ++i) {
    float value;
    std::memcpy(&value, array.bytes.data() + i * sizeof(float), sizeof(float));
    if (!std::isfinite(value))
      return inputError(input.name, "element " + describeIndex(array.shape, i, first) +
                                        (std::isnan(value) ? " is NaN" : " is infinite"));
  }
  return Error::success();
}

Error intaglio::checkElements(const TensorInfo &input, const Array &array, int64_t first) {
  if (array.dtype == DType::F32)
    return checkFinite(input, array, first);
  if (!input.range)
    return Error::success();
  switch (array.dtype) {
  case DType::I8:
    return checkRange<int8_t>(input, array, first);
  case DType::I16:
    return checkRange<int16_t>(input, array, first);
  case DType::I32:
    return checkRange<int32_t>(input, array, first);
  default:
    return checkRange<int64_t>(input, array, first);
  }
}
