//===- Random.cpp - random inputs of a program ----------------------------------------------===//

#include "Random.h"

#include "intaglio/Target/Inputs.h"

#include "llvm/ADT/STLExtras.h"
#include <cstring>

using namespace intaglio;

template <typename T>
static void write(char *data, int64_t index, T value) {
  std::memcpy(data + index * sizeof(T), &value, sizeof(T));
}

/// One row of a mask of `size` elements.
static void drawMaskRow(int64_t *row, int64_t size, std::mt19937_64 &random) {
  uint64_t kind = random() % 8;
  int64_t length = kind == 0 ? 0 : kind < 3 ? size : int64_t(random() % uint64_t(size + 1));
  for (int64_t i = 0; i < size; ++i)
    row[i] = kind == 7 ? random() & 1 : i < length;
}

static void drawElement(const TensorInfo &input, DType dtype, char *data, int64_t index,
                        std::mt19937_64 &random) {
  if (dtype == DType::F32)
    return write(data, index, float(std::normal_distribution<double>()(random)));
  auto draw = [&](int64_t low, int64_t high) {
    if (input.range)
      std::tie(low, high) = *input.range;
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  switch (dtype) {
  case DType::I8:
    return write(data, index, int8_t(draw(INT8_MIN, INT8_MAX)));
  case DType::I16:
    return write(data, index, int16_t(draw(INT16_MIN, INT16_MAX)));
  case DType::I32:
    return write(data, index, int32_t(draw(INT32_MIN, INT32_MAX)));
  default:
    return write(data, index, draw(INT64_MIN, INT64_MAX));
  }
}

std::vector<Array> check::drawInputs(const ModelInfo &info, llvm::ArrayRef<int64_t> dims,
                                     std::mt19937_64 &random) {
  std::vector<Array> arrays;
  for (const TensorInfo &input : info.inputs) {
    llvm::SmallVector<int64_t> shape;
    for (const DimInfo &dim : input.dims)
      shape.push_back(dim.size >= 0 ? dim.size
                                    : dims[llvm::find(info.dims, dim.name) - info.dims.begin()]);
    DType dtype = *dtypeOf(input.elementType);
    char *data = nullptr;
    Array array = *makeArray(input.name, dtype, shape, data);
    int64_t count = array.bytes.size() / sizeOf(dtype);
    bool isMask = input.range == std::pair<int64_t, int64_t>(0, 1) && dtype == DType::I64;
    int64_t row = shape.empty() ? 1 : shape.back();
    if (isMask)
      for (int64_t first = 0; first < count; first += row)
        drawMaskRow(reinterpret_cast<int64_t *>(data) + first, row, random);
    else
      for (int64_t i = 0; i < count; ++i)
        drawElement(input, dtype, data, i, random);
    arrays.push_back(std::move(array));
  }
  return arrays;
}
