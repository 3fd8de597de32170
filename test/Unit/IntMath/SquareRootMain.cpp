//===- SquareRootMain.cpp - every 32-bit integer has the right square root -----------------===//
//
// Two minutes. C-ISQRT-1 (docs/Spec.md).
//
//===----------------------------------------------------------------------------------------===//

#include "Figures.h"

#include <cstdio>

int main() {
  uint64_t wrong = figures::wrongSquareRoots(uint64_t(1) << 32, 1);
  std::printf("wrong square roots of 32-bit integers: %llu\n",
              static_cast<unsigned long long>(wrong));
  return wrong == 0 ? 0 : 1;
}
