//===- FiguresMain.cpp - prints the published errors, ours, and the lecture's example ------===//
//
// utils/figures runs it.
//
//===----------------------------------------------------------------------------------------===//

#include "Figures.h"

#include <cstdio>

static void print(const std::vector<figures::Figure> &all) {
  std::string group;
  for (const figures::Figure &figure : all) {
    if (figure.group != group) {
      group = figure.group;
      std::printf("\n%s\n  %-36s %-20s %10s %12s\n", group.c_str(), "", "error", "published",
                  "found");
    }
    std::printf("  %-36s %-20s %10s %12.3g\n", figure.name.c_str(), figure.measure.c_str(),
                figure.published.c_str(), figure.found);
  }
}

static void printMatrix(const char *title, const std::vector<int> &values) {
  std::printf("  %s\n", title);
  for (size_t i = 0; i < values.size(); ++i)
    std::printf("%8d%s", values[i], i % 4 == 3 ? "\n" : "");
}

int main() {
  print(figures::published());
  print(figures::integerKernels());
  constexpr uint64_t limit = uint64_t(1) << 32, stride = 61;
  std::printf("\nInteger square root by at most five Newton steps\n  %llu of %llu checked 32-bit "
              "integers are wrong\n",
              static_cast<unsigned long long>(figures::wrongSquareRoots(limit, stride)),
              static_cast<unsigned long long>(limit / stride));
  figures::LectureExample example = figures::lectureExample();
  std::printf("\nThe lecture's 4 x 4 example\n");
  for (size_t i = 0; i < example.x.size(); ++i)
    std::printf("%8.3f%s", example.x[i], i % 4 == 3 ? "\n" : "");
  printMatrix("as printed: 7-bit codes doubled, 2 * round(x / (10 / 128)) - 128", example.seven);
  printMatrix("int8, scale 10 / 256, zero point -128", example.affine);
  int differing = 0;
  for (size_t i = 0; i < example.x.size(); ++i)
    differing += example.affine[i] != example.slide[i];
  std::printf("  %d of 16 differ; the slide's integers are %s\n", differing,
              example.seven == example.slide ? "reproduced" : "NOT reproduced");
  return example.seven == example.slide ? 0 : 1;
}
