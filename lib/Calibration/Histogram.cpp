//===- Histogram.cpp - mergeable counts of floats by sign and magnitude --------------------===//

#include "intaglio/Calibration/Histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace intaglio;
using llvm::ArrayRef;

int Histogram::exponentFor(float largest) {
  if (largest == 0)
    return kMinExponent;
  // largest < 2^bits and at least half of it.
  int bits = std::ilogb(largest) + 1;
  return std::max(bits - 11, kMinExponent);
}

double Histogram::getWidth() const { return std::ldexp(1.0, exponent); }

void Histogram::widen(int target) {
  for (; exponent < target; ++exponent) {
    for (int j = 0; j < kBins / 2; ++j) {
      counts[kBins + j] = counts[kBins + 2 * j] + counts[kBins + 2 * j + 1];
      counts[kBins - 1 - j] = counts[kBins - 1 - 2 * j] + counts[kBins - 2 - 2 * j];
    }
    std::fill(counts.begin(), counts.begin() + kBins / 2, 0);
    std::fill(counts.begin() + kBins + kBins / 2, counts.end(), 0);
    // Once nothing is counted the rest of the way is free.
    if (exponent == kMinExponent && getTotal() == 0) {
      exponent = target;
      return;
    }
  }
}

void Histogram::widenFor(float largest) { widen(exponentFor(largest)); }

/// Bins from `kBins` on of `count` values: `kBins + floor(|x|/w)`, or as far below for x < 0. `T`
/// is a float type that holds 1/w. The loop has no branch: compilers vectorize it.
template <typename T>
static void findBins(const float *values, int count, T inverse, int32_t *bins) {
  for (int i = 0; i < count; ++i) {
    int32_t bin = static_cast<int32_t>(std::fabs(static_cast<T>(values[i])) * inverse);
    int32_t negative = -static_cast<int32_t>(values[i] < 0);
    bins[i] = Histogram::kBins + (bin ^ negative);
  }
}

void Histogram::count(ArrayRef<float> values) {
  constexpr int kBlock = 512;
  int32_t bins[kBlock];
  // Products with a power of two are exact, or so small that their bin is 0 all the same; below the
  // normal floats' smallest width its inverse is no float.
  bool narrow = exponent >= std::numeric_limits<float>::min_exponent;
  double inverse = std::ldexp(1.0, -exponent);
  while (!values.empty()) {
    ArrayRef<float> block = values.take_front(kBlock);
    int size = static_cast<int>(block.size());
    if (narrow)
      findBins(block.data(), size, static_cast<float>(inverse), bins);
    else
      findBins(block.data(), size, inverse, bins);
    for (int i = 0; i < size; ++i)
      ++counts[bins[i]];
    values = values.drop_front(block.size());
  }
}

void Histogram::add(ArrayRef<float> values) {
  float largest = 0;
  for (float value : values)
    largest = std::max(largest, std::fabs(value));
  widenFor(largest);
  count(values);
}

void Histogram::merge(const Histogram &other) {
  Histogram finer = other;
  int common = std::max(exponent, other.exponent);
  widen(common);
  finer.widen(common);
  for (int i = 0; i < 2 * kBins; ++i)
    counts[i] += finer.counts[i];
}

void Histogram::assign(int newExponent, ArrayRef<uint64_t> newCounts) {
  exponent = newExponent;
  counts.assign(newCounts.begin(), newCounts.end());
}

uint64_t Histogram::getTotal() const {
  return std::accumulate(counts.begin(), counts.end(), uint64_t(0));
}

std::vector<uint64_t> Histogram::getMagnitudes() const {
  std::vector<uint64_t> magnitudes(kBins);
  for (int j = 0; j < kBins; ++j)
    magnitudes[j] = counts[kBins + j] + counts[kBins - 1 - j];
  return magnitudes;
}
