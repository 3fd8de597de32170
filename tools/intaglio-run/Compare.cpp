//===- Compare.cpp - how far two sets of outputs are apart ----------------------------------===//

#include "Commands.h"

#include "intaglio/Data/Npz.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace intaglio;

namespace {

/// What the elements of two arrays have in common.
struct Difference {
  int64_t count = 0, equal = 0;
  double largest = 0, signal = 0, noise = 0;

  /// 10 log10(signal / noise) in dB: infinite for equal arrays.
  double sqnr() const { return noise == 0 ? INFINITY : 10 * std::log10(signal / noise); }
};

/// Element `index` as a real number; 64-bit integers beyond 2^53 are rounded.
template <typename T>
double elementAs(const Array &array, int64_t index) {
  return double(
      support::endian::read<T, endianness::little>(array.bytes.data() + index * sizeof(T)));
}

double element(const Array &array, int64_t index) {
  const char *at = array.bytes.data() + index * sizeOf(array.dtype);
  switch (array.dtype) {
  case DType::Bool:
  case DType::U8:
    return elementAs<uint8_t>(array, index);
  case DType::I8:
    return elementAs<int8_t>(array, index);
  case DType::I16:
    return elementAs<int16_t>(array, index);
  case DType::U16:
    return elementAs<uint16_t>(array, index);
  case DType::I32:
    return elementAs<int32_t>(array, index);
  case DType::U32:
    return elementAs<uint32_t>(array, index);
  case DType::I64:
    return elementAs<int64_t>(array, index);
  case DType::U64:
    return elementAs<uint64_t>(array, index);
  case DType::F32:
    return bit_cast<float>(support::endian::read32le(at));
  case DType::F64:
    return bit_cast<double>(support::endian::read64le(at));
  case DType::F16:
    return APFloat(APFloat::IEEEhalf(), APInt(16, support::endian::read16le(at))).convertToDouble();
  case DType::BF16:
    return APFloat(APFloat::BFloat(), APInt(16, support::endian::read16le(at))).convertToDouble();
  }
  llvm_unreachable("covered switch");
}

/// Equal means equal in every bit, so that -0 differs from 0 and a NaN equals itself.
Difference measure(const Array &a, const Array &b) {
  Difference result;
  unsigned size = sizeOf(a.dtype);
  result.count = a.bytes.size() / size;
  for (int64_t i = 0; i < result.count; ++i) {
    result.equal += a.bytes.slice(i * size, size) == b.bytes.slice(i * size, size);
    double x = element(a, i), difference = std::abs(x - element(b, i));
    if (!(difference <= result.largest)) // so that a NaN is kept
      result.largest = difference;
    result.signal += x * x;
    result.noise += difference * difference;
  }
  return result;
}

std::string describe(const Array &array) {
  return (nameOf(array.dtype) +
          formatv("[{0:$[, ]}]", make_range(array.shape.begin(), array.shape.end())).str())
      .str();
}

bool isArrayFile(StringRef path) {
  StringRef ending = sys::path::extension(path);
  return ending == ".npz" || ending == ".npy" || sys::fs::is_directory(path);
}

/// The arrays of a file, or what a model makes of `--inputs`.
Expected<std::vector<Array>> outputsOf(StringRef path, const run::Options &options) {
  if (isArrayFile(path))
    return readArrays(path);
  if (options.inputs.empty())
    return createFileError(path, createStringError("a model needs --inputs"));
  Expected<std::vector<Array>> inputs = readArrays(options.inputs);
  if (!inputs)
    return inputs.takeError();
  StringRef ending = sys::path::extension(path);
  if (ending == ".mlir" || ending == ".mlirbc")
    return run::evaluateProgram(path, *inputs);
  return run::evaluateArtefact(path, *inputs, options.threads);
}

const Array *findArray(ArrayRef<Array> arrays, StringRef name) {
  const Array *found =
      llvm::find_if(arrays, [&](const Array &array) { return array.name == name; });
  return found == arrays.end() ? nullptr : found;
}

/// Names, element types and shapes must be the same.
Error checkSame(ArrayRef<Array> a, ArrayRef<Array> b, StringRef pathA, StringRef pathB) {
  for (const Array &array : b)
    if (!findArray(a, array.name))
      return createFileError(
          pathA, createStringError("no array '" + array.name + "', which " + pathB + " has"));
  for (const Array &array : a) {
    const Array *other = findArray(b, array.name);
    if (!other)
      return createFileError(
          pathB, createStringError("no array '" + array.name + "', which " + pathA + " has"));
    if (array.dtype != other->dtype || array.shape != other->shape)
      return createFileError(pathB, createStringError("array '" + array.name + "': expected " +
                                                      describe(array) + " as in " + pathA +
                                                      ", found " + describe(*other)));
  }
  return Error::success();
}

} // namespace

Error run::compare(StringRef a, StringRef b, const Options &options, bool exact) {
  Expected<std::vector<Array>> left = outputsOf(a, options);
  if (!left)
    return left.takeError();
  Expected<std::vector<Array>> right = outputsOf(b, options);
  if (!right)
    return right.takeError();
  if (Error error = checkSame(*left, *right, a, b))
    return error;
  int64_t unequal = 0;
  for (const Array &array : *left) {
    Difference difference = measure(array, *findArray(*right, array.name));
    unequal += difference.count - difference.equal;
    outs() << array.name << ": " << difference.equal << " of " << difference.count
           << " equal, max difference " << format("%g", difference.largest) << ", SQNR "
           << format("%.2f", difference.sqnr()) << " dB\n";
  }
  if (exact && unequal > 0)
    return createStringError("elements that differ: " + Twine(unequal));
  return Error::success();
}
