//===- WidthsTest.cpp - the widest value that each intermediate took -----------------------===//
//
// C-WIDTH-1: every width of docs/Spec.md is asserted while the other tests run (this library is
// built with assertions). Here the widths reached are compared with those of the reference on its
// vectors.
//
//===----------------------------------------------------------------------------------------===//

#include "Golden.h"
#include "intaglio/IntMath/Fixed.h"

using namespace intaglio::intmath;

namespace {
struct Width {
  unsigned declared = 0, reached = 0;
};

std::map<std::string, Width> &widths() {
  static std::map<std::string, Width> all;
  return all;
}

/// Runs after every other test.
class Widths : public testing::Environment {
public:
  void TearDown() override {
    const testing::UnitTest &run = *testing::UnitTest::GetInstance();
    if (run.test_to_run_count() != run.total_test_count())
      return;
    size_t compared = 0;
    for (const auto &[name, bits] : golden::load("peak_bits").integers()) {
      auto found = widths().find(name);
      if (found == widths().end())
        continue;
      ++compared;
      EXPECT_GE(found->second.reached, bits) << name;
      EXPECT_LE(bits, found->second.declared) << name;
    }
    // The others belong to kernels of the reference that have no counterpart here.
    EXPECT_GE(compared, 35U);
  }
};
} // namespace

void intaglio::intmath::recordWidth(const char *name, Int128 value, unsigned bits, bool isSigned) {
  Int128 magnitude = value < 0 ? ~value : value;
  unsigned reached = isSigned;
  for (; magnitude; magnitude >>= 1)
    ++reached;
  Width &width = widths()[name];
  width.declared = std::max(width.declared, bits);
  width.reached = std::max(width.reached, reached);
}

// NOLINTNEXTLINE(cppcoreguidelines-owning-memory): GoogleTest owns it.
static const testing::Environment *environment = testing::AddGlobalTestEnvironment(new Widths);
