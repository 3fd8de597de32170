//===- SymbolicExprTest.cpp - polynomials over dims, indices and elements -------------------===//

#include "intaglio/Analysis/SymbolicExpr.h"

#include <gtest/gtest.h>

using namespace intaglio;
using Kind = SymbolicAtom::Kind;

namespace {

struct SymbolicExprTest : ::testing::Test {
  SymbolicContext context;
  SymbolicExpr batch = context.symbol("batch"), sequence = context.symbol("sequence");
  SymbolicExpr i = context.index(0), j = context.index(1), k = context.index(2);

  SymbolicExpr divide(const SymbolicExpr &a, const SymbolicExpr &b, SymbolicContext::Exprs bounds) {
    return context.make(Kind::FloorDiv, 0, {a, b}, bounds);
  }
  SymbolicExpr rest(const SymbolicExpr &a, const SymbolicExpr &b, SymbolicContext::Exprs bounds) {
    return context.make(Kind::Mod, 0, {a, b}, bounds);
  }
};

TEST_F(SymbolicExprTest, EqualPolynomialsAreEqual) {
  SymbolicExpr x = SymbolicExpr(2) * batch + sequence, y = sequence + batch + batch;
  EXPECT_EQ(x, y);
  EXPECT_EQ(x - y, SymbolicExpr(0));
  EXPECT_EQ((batch + sequence) * (batch - sequence), batch * batch - sequence * sequence);
}

/// Coordinates that were put together come apart where bounds prove it.
TEST_F(SymbolicExprTest, SplitsWhatWasJoined) {
  SymbolicExpr joined = i * SymbolicExpr(12) + j;
  SymbolicExpr bounds[] = {sequence, SymbolicExpr(12)};
  EXPECT_EQ(divide(joined, 12, bounds), i);
  EXPECT_EQ(rest(joined, 12, bounds), j);
}

/// Sizes may be symbols: (i, j, k) of [batch, sequence, 4] as one number.
TEST_F(SymbolicExprTest, SplitsByASymbol) {
  SymbolicExpr row = SymbolicExpr(4) * sequence;
  SymbolicExpr joined = i * row + j * SymbolicExpr(4) + k;
  SymbolicExpr bounds[] = {batch, sequence, SymbolicExpr(4)};
  EXPECT_EQ(divide(joined, row, bounds), i);
  EXPECT_EQ(rest(divide(joined, 4, bounds), sequence, bounds), j);
  EXPECT_EQ(rest(joined, 4, bounds), k);
}

/// The second coordinate may be as large as the divisor: nothing is known.
TEST_F(SymbolicExprTest, DoesNotSplitWhatMayCarry) {
  SymbolicExpr joined = i * SymbolicExpr(12) + j;
  SymbolicExpr bounds[] = {sequence, SymbolicExpr(13)};
  EXPECT_NE(divide(joined, 12, bounds), i);
  EXPECT_NE(rest(joined, 12, bounds), j);
  SymbolicExpr negative = i * SymbolicExpr(12) - j;
  EXPECT_NE(rest(negative, 12, bounds), SymbolicExpr(0) - j);
}

TEST_F(SymbolicExprTest, QuotientsOfQuotientsAreBounded) {
  // channel / 8 of 32 channels is below 4.
  SymbolicExpr bounds[] = {SymbolicExpr(32)};
  SymbolicExpr head = divide(i, 8, bounds);
  EXPECT_EQ(rest(head, 4, bounds), head);
  EXPECT_EQ(divide(head, 4, bounds), SymbolicExpr(0));
}

TEST_F(SymbolicExprTest, Compares) {
  EXPECT_EQ(context.isAtLeast(i, 0), SymbolicExpr(1));
  EXPECT_EQ(context.isAtLeast(batch, 1), SymbolicExpr(1));
  EXPECT_FALSE(context.isAtLeast(i, j).getConstant());
  EXPECT_EQ(context.isEqual(batch + SymbolicExpr(1), 0), SymbolicExpr(0));
}

/// What a mask adds to the scores and takes away again leaves the scores as they were.
TEST_F(SymbolicExprTest, EvaluatesWithoutLoss) {
  double low = -3.4028234663852886e38;
  SymbolicExpr scores = context.make(Kind::Load, 0, {i}), flag = context.make(Kind::Load, 1, {i});
  SymbolicExpr masked = scores * SymbolicExpr(0.25) + (SymbolicExpr(1) - flag) * SymbolicExpr(low);
  auto with = [&](double mask) {
    return evaluate(masked, [&](const SymbolicAtom &atom) {
      return std::optional<double>(atom.number == 0 ? 8 : mask);
    });
  };
  EXPECT_EQ(with(1), 2.0);
  EXPECT_EQ(with(0), low);
}

/// However an expression is made, it stays small: what grows becomes opaque.
TEST_F(SymbolicExprTest, GrowthEnds) {
  SymbolicExpr sum = i;
  for (int step = 0; step < 1000; ++step) {
    SymbolicExpr flag = context.isEqual(sum, step);
    sum = context.make(Kind::Select, 0, {flag, context.multiply(sum, sum), sum});
    unsigned atoms = 0;
    forEachAtom(sum, [&](const SymbolicAtom &) { ++atoms; });
    ASSERT_LT(atoms, 1000u);
  }
}

} // namespace
