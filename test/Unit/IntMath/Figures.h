//===- Figures.h - the published errors and ours, measured ----------------------*- C++ -*-===//

#ifndef INTAGLIO_TEST_UNIT_INTMATH_FIGURES_H
#define INTAGLIO_TEST_UNIT_INTMATH_FIGURES_H

#include <cstdint>
#include <string>
#include <vector>

namespace figures {

/// One measured error.
struct Figure {
  std::string group;     ///< the table it belongs to
  std::string name;      ///< what was measured
  std::string measure;   ///< which norm, over which inputs
  std::string published; ///< as printed by the paper, empty for what is ours
  double found;
};

/// GELU on [-4, 4] and exp on [-ln 2, 0] as I-BERT's tables 1 and 2 give them, in real arithmetic.
std::vector<Figure> published();

/// The integer kernels of both sets over their inputs.
std::vector<Figure> integerKernels();

/// How many integers n < `limit`, every `stride`-th one, get a wrong square root.
uint64_t wrongSquareRoots(uint64_t limit, uint64_t stride);

/// The lecture's 4 x 4 matrix and its integers.
struct LectureExample {
  std::vector<double> x;
  std::vector<int> slide;  ///< as printed
  std::vector<int> seven;  ///< 7-bit codes doubled: 2 * round(x / (10 / 128)) - 128
  std::vector<int> affine; ///< int8 of scale 10 / 256 and zero point -128
};
LectureExample lectureExample();

} // namespace figures

#endif // INTAGLIO_TEST_UNIT_INTMATH_FIGURES_H
