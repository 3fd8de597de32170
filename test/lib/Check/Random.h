//===- Random.h - random inputs of a program (tests only) -----------------------------------===//

#ifndef INTAGLIO_TEST_CHECK_RANDOM_H
#define INTAGLIO_TEST_CHECK_RANDOM_H

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Data/Array.h"

#include <random>
#include <vector>

namespace intaglio::check {

/// Arrays for all inputs of a model with these sizes of its dims. Integers are uniform in the
/// input's range, or in that of their type; an input that may be only 0 and 1 is a mask: rows of
/// ones, ones and then zeros, zeros, and of either at random. Floats are normal.
std::vector<Array> drawInputs(const ModelInfo &info, llvm::ArrayRef<int64_t> dims,
                              std::mt19937_64 &random);

} // namespace intaglio::check

#endif // INTAGLIO_TEST_CHECK_RANDOM_H
