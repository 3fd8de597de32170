//===- StatisticsFuzzer.cpp - any bytes as a file of calibration statistics -----------------===//

#include "intaglio/Calibration/Observers.h"

#include <cmath>
#include <cstdlib>

using namespace llvm;
using namespace intaglio;

/// Every observer finds finite parameters with a positive scale.
static void checkObservers(const EdgeStatistics &edge) {
  for (Observer observer : {Observer::MinMax, Observer::MovingAverage, Observer::Percentile,
                            Observer::Entropy, Observer::MeanSquare})
    for (Storage storage : {Storage{-128, 127, false}, Storage{-32767, 32767, true}}) {
      Range range = chooseRange(edge, storage, {observer, 0.9999});
      UniformParameters parameters = chooseParameters(range, storage);
      if (!(range.low <= 0 && range.high >= 0) || !std::isfinite(parameters.scale) ||
          parameters.scale <= 0 || parameters.zeroPoint < storage.minimum ||
          parameters.zeroPoint > storage.maximum)
        std::abort();
    }
}

/// Whatever the bytes: an error, or statistics that every observer takes and that are the same once
/// they are written and read again, alone and merged with themselves.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Expected<Statistics> statistics =
      parseStatistics(StringRef(reinterpret_cast<const char *>(data), size), "input");
  if (!statistics) {
    consumeError(statistics.takeError());
    return 0;
  }
  std::string text;
  raw_string_ostream os(text);
  writeStatistics(*statistics, os);
  Expected<Statistics> again = parseStatistics(text, "again");
  if (!again || again->edges != statistics->edges || again->model != statistics->model)
    std::abort();
  for (const auto &[id, edge] : statistics->edges)
    checkObservers(edge);
  if (again->merge(*statistics))
    std::abort();
  return 0;
}
