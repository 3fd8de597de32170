//===- Histogram.cpp - mergeable counts of floats by sign and magnitude --------------------===//

#include "intaglio/Calibration/Histogram.h"

#include <algorithm>
#include <cmath>
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

void Histogram::add(ArrayRef<float> values) {
  float largest = 0;
  for (float value : values)
    largest = std::max(largest, std::fabs(value));
  widen(exponentFor(largest));
  double inverse = std::ldexp(1.0, -exponent);
  for (float value : values) {
    int bin = static_cast<int>(std::fabs(static_cast<double>(value)) * inverse);
    ++counts[value < 0 ? kBins - 1 - bin : kBins + bin];
  }
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
