//===- ProgressTest.cpp - how far a run has come ---------------------------------------------===//

#include "intaglio/Calibration/Progress.h"

#include "gtest/gtest.h"

#include <thread>
#include <vector>

using namespace intaglio;

namespace {

/// A stream into a string that says whether it is a terminal.
class Screen : public llvm::raw_string_ostream {
public:
  Screen(std::string &text, bool isTerminal) : raw_string_ostream(text), isTerminal(isTerminal) {}
  bool is_displayed() const override { return isTerminal; }

private:
  bool isTerminal;
};

/// What is shown of a run of `total` steps of which `steps` are taken.
std::string show(bool isTerminal, int64_t total, int64_t steps) {
  std::string text;
  Screen screen(text, isTerminal);
  {
    Progress progress(&screen, "calibrate", total);
    for (int64_t i = 0; i < steps; ++i)
      progress.advance();
  }
  return text;
}

TEST(ProgressTest, LineForEachTenth) {
  std::string expected;
  for (int64_t tenth = 1; tenth <= 10; ++tenth)
    expected += "calibrate: " + std::to_string(tenth * 10) + " % (" + std::to_string(tenth * 20) +
                " of 200 samples)\n";
  EXPECT_EQ(show(/*isTerminal=*/false, 200, 200), expected);
}

TEST(ProgressTest, FewStepsAreALineEach) {
  EXPECT_EQ(show(/*isTerminal=*/false, 3, 3), "calibrate: 30 % (1 of 3 samples)\n"
                                              "calibrate: 60 % (2 of 3 samples)\n"
                                              "calibrate: 100 % (3 of 3 samples)\n");
  EXPECT_EQ(show(/*isTerminal=*/false, 1, 1), "calibrate: 100 % (1 of 1 samples)\n");
}

TEST(ProgressTest, BarGrowsInItsLine) {
  std::string half = std::string(20, '=') + std::string(20, ' '), full(40, '=');
  EXPECT_EQ(show(/*isTerminal=*/true, 2, 2),
            "\rcalibrate [" + half + "] 1 of 2\rcalibrate [" + full + "] 2 of 2\n");
}

TEST(ProgressTest, BarIsDrawnOnlyWhereItGrows) {
  std::string text = show(/*isTerminal=*/true, 4000, 4000);
  EXPECT_EQ(llvm::StringRef(text).count('\r'), 40u);
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 1u);
  EXPECT_TRUE(llvm::StringRef(text).ends_with("] 4000 of 4000\n"));
}

TEST(ProgressTest, RunThatEndsEarlyEndsItsLine) {
  EXPECT_TRUE(llvm::StringRef(show(/*isTerminal=*/true, 40, 7)).ends_with("] 7 of 40\n"));
  EXPECT_EQ(show(/*isTerminal=*/true, 40, 0), "");
  EXPECT_EQ(show(/*isTerminal=*/false, 40, 3), "");
}

TEST(ProgressTest, NoStreamShowsNothing) {
  Progress progress(nullptr, "calibrate", 2);
  progress.advance();
  progress.advance();
}

TEST(ProgressTest, StepsOfSeveralThreadsAreCounted) {
  std::string text;
  Screen screen(text, /*isTerminal=*/false);
  Progress progress(&screen, "calibrate", 400);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int step = 0; step < 100; ++step)
        progress.advance();
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 10u);
  EXPECT_TRUE(llvm::StringRef(text).ends_with("calibrate: 100 % (400 of 400 samples)\n"));
}

} // namespace
