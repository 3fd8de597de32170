//===- Statistics.cpp - what calibration knows of each edge --------------------------------===//

#include "intaglio/Calibration/Statistics.h"

#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

using namespace intaglio;
using llvm::APInt;
using llvm::StringRef;

//===----------------------------------------------------------------------------------------===//
// ExactSum
//===----------------------------------------------------------------------------------------===//

void ExactSum::add(float value) {
  // value = mantissa * 2^(exponent - 149), an integer mantissa below 2^24.
  int exponent = value == 0 ? 0 : std::max(std::ilogb(value) - 23 + 149, 0);
  auto mantissa = static_cast<uint64_t>(std::ldexp(std::fabs(value), 149 - exponent));
  APInt term = APInt(kBits, mantissa).shl(exponent);
  if (value < 0)
    units -= term;
  else
    units += term;
}

double ExactSum::getMean(uint64_t count) const {
  // The magnitude's upper bits and their exponent: converting 384 bits directly may overflow.
  APInt magnitude = units.abs();
  unsigned drop = magnitude.getActiveBits() > 62 ? magnitude.getActiveBits() - 62 : 0;
  double top = static_cast<double>(magnitude.lshr(drop).getZExtValue());
  double mean = std::ldexp(top / static_cast<double>(count), static_cast<int>(drop) - 149);
  return units.isNegative() ? -mean : mean;
}

std::string ExactSum::toString() const {
  llvm::SmallString<128> text;
  units.toStringSigned(text);
  return text.str().str();
}

bool ExactSum::parse(StringRef text) {
  StringRef digits = text;
  bool negative = digits.consume_front("-");
  // 115 decimal digits are below 2^383.
  if (digits.empty() || digits.size() > 115 || digits.find_if_not(llvm::isDigit) != StringRef::npos)
    return false;
  units = APInt(kBits, digits, 10);
  if (negative)
    units.negate();
  return true;
}

//===----------------------------------------------------------------------------------------===//
// EdgeStatistics
//===----------------------------------------------------------------------------------------===//

/// Whether all values are finite: no exponent has all its bits set.
static bool allFinite(const float *values, int64_t count) {
  constexpr uint32_t exponentBits = 0x7f800000;
  bool finite = true;
  for (int64_t i = 0; i < count; ++i)
    finite &= (llvm::bit_cast<uint32_t>(values[i]) & exponentBits) != exponentBits;
  return finite;
}

/// Widens the extremes of each channel to the values of one row.
static void widenExtremes(const float *row, std::vector<float> &minima,
                          std::vector<float> &maxima) {
  for (size_t c = 0; c < minima.size(); ++c) {
    minima[c] = std::min(minima[c], row[c]);
    maxima[c] = std::max(maxima[c], row[c]);
  }
}

int64_t EdgeStatistics::addSample(const float *data, int64_t rows, int64_t channels,
                                  llvm::function_ref<bool(int64_t)> takesPart) {
  std::vector<const float *> chosen;
  for (int64_t row = 0; row < rows; ++row) {
    const float *values = data + row * channels;
    if (!takesPart(row))
      continue;
    if (!allFinite(values, channels))
      return row;
    chosen.push_back(values);
  }
  channelMinima.resize(channels, 0);
  channelMaxima.resize(channels, 0);
  if (chosen.empty() || channels == 0)
    return -1;

  std::vector<float> minima(chosen.front(), chosen.front() + channels), maxima = minima;
  for (const float *row : llvm::ArrayRef(chosen).drop_front())
    widenExtremes(row, minima, maxima);
  // Adding zero makes -0 a 0, so that no order of equal values shows.
  float low = *std::min_element(minima.begin(), minima.end()) + 0.0f;
  float high = *std::max_element(maxima.begin(), maxima.end()) + 0.0f;
  widenExtremes(minima.data(), channelMinima, channelMaxima);
  widenExtremes(maxima.data(), channelMinima, channelMaxima);
  histogram.widenFor(std::max(std::fabs(low), std::fabs(high)));
  for (const float *row : chosen)
    histogram.count({row, static_cast<size_t>(channels)});
  minimum = samples ? std::min(minimum, low) : low;
  maximum = samples ? std::max(maximum, high) : high;
  sumOfMinima.add(low);
  sumOfMaxima.add(high);
  ++samples;
  return -1;
}

void EdgeStatistics::merge(const EdgeStatistics &other) {
  histogram.merge(other.histogram);
  size_t channels = std::max(channelMaxima.size(), other.channelMaxima.size());
  channelMinima.resize(channels, 0);
  channelMaxima.resize(channels, 0);
  for (size_t c = 0; c < other.channelMaxima.size(); ++c) {
    channelMinima[c] = std::min(channelMinima[c], other.channelMinima[c]);
    channelMaxima[c] = std::max(channelMaxima[c], other.channelMaxima[c]);
  }
  if (other.samples) {
    minimum = samples ? std::min(minimum, other.minimum) : other.minimum;
    maximum = samples ? std::max(maximum, other.maximum) : other.maximum;
  }
  sumOfMinima.merge(other.sumOfMinima);
  sumOfMaxima.merge(other.sumOfMaxima);
  samples += other.samples;
}

std::vector<int64_t> EdgeStatistics::getDeadChannels() const {
  std::vector<int64_t> dead;
  for (size_t c = 0; c < channelMaxima.size(); ++c)
    if (channelMinima[c] == 0 && channelMaxima[c] == 0)
      dead.push_back(static_cast<int64_t>(c));
  return dead;
}

bool EdgeStatistics::operator==(const EdgeStatistics &other) const {
  return histogram == other.histogram && minimum == other.minimum && maximum == other.maximum &&
         channelMinima == other.channelMinima && channelMaxima == other.channelMaxima &&
         samples == other.samples && sumOfMinima == other.sumOfMinima &&
         sumOfMaxima == other.sumOfMaxima;
}

//===----------------------------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------------------------===//

static llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

llvm::Error Statistics::merge(const Statistics &other) {
  if (model != other.model)
    return failure("statistics of another model: fingerprint " + other.model + " where " + model +
                   " is expected");
  for (const auto &[id, edge] : edges)
    if (!other.edges.count(id))
      return failure("statistics lack the edge '" + id + "'");
  for (const auto &[id, edge] : other.edges) {
    auto mine = edges.find(id);
    if (mine == edges.end())
      return failure("statistics have an edge '" + id + "' that the model does not have");
    if (mine->second.channelMaxima.size() != edge.channelMaxima.size())
      return failure(llvm::formatv("edge '{0}' has {1} channels where {2} are expected", id,
                                   edge.channelMaxima.size(), mine->second.channelMaxima.size()));
  }
  for (const auto &[id, edge] : other.edges)
    edges[id].merge(edge);
  samples += other.samples;
  return llvm::Error::success();
}
