//===- Float32.cpp - arrays of any float type as f32 ----------------------------------------===//

#include "intaglio/Data/Float32.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/Endian.h"

#include <cmath>

using namespace llvm;
using namespace intaglio;

namespace {

float widenBFloat16(uint16_t bits) { return bit_cast<float>(uint32_t(bits) << 16); }

/// IEEE binary16 (1 sign, 5 exponent, 10 fraction bits) as f32.
float widenFloat16(uint16_t bits) {
  uint32_t sign = uint32_t(bits >> 15) << 31, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent == 0) // zero or subnormal: fraction * 2^-24
    return bit_cast<float>(sign | bit_cast<uint32_t>(std::ldexp(float(fraction), -24)));
  uint32_t wide = exponent == 31 ? 255 : exponent + (127 - 15);
  return bit_cast<float>(sign | wide << 23 | fraction << 13);
}

template <typename Widen>
void widenAll(ArrayRef<char> bytes, std::vector<float> &values, Widen widen) {
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = widen(support::endian::read16le(bytes.data() + 2 * i));
}

} // namespace

std::optional<Array> intaglio::asFloat32(const Array &array) {
  if (array.dtype == DType::F32 && isAddrAligned(Align::Of<float>(), array.bytes.data()))
    return array;
  auto values = std::make_shared<std::vector<float>>(array.bytes.size() / sizeOf(array.dtype));
  if (array.dtype == DType::F32)
    llvm::copy(array.bytes, reinterpret_cast<char *>(values->data()));
  else if (array.dtype == DType::F16)
    widenAll(array.bytes, *values, widenFloat16);
  else if (array.dtype == DType::BF16)
    widenAll(array.bytes, *values, widenBFloat16);
  else
    return std::nullopt;
  Array result = array;
  result.dtype = DType::F32;
  result.bytes = ArrayRef<char>(reinterpret_cast<const char *>(values->data()),
                                values->size() * sizeof(float));
  result.owner = std::move(values);
  return result;
}
