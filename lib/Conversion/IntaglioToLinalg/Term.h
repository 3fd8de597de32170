//===- Term.h - scalar formulas as C++ expressions ------------------------------------------===//

#ifndef INTAGLIO_CONVERSION_INTAGLIOTOLINALG_TERM_H
#define INTAGLIO_CONVERSION_INTAGLIOTOLINALG_TERM_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace intaglio {

/// A scalar SSA value (integer or float) with arithmetic operators that emit `arith` ops. A number
/// beside a term is a constant of the term's type; two terms must have one type. Integers wrap.
class Term {
public:
  Term(mlir::ImplicitLocOpBuilder &builder, mlir::Value value) : builder(&builder), value(value) {}

  mlir::Value get() const { return value; }
  mlir::Type type() const { return value.getType(); }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(type()); }
  mlir::ImplicitLocOpBuilder &build() const { return *builder; }

  /// A constant of this term's type.
  template <typename T>
  Term constant(T number) const {
    if (isFloat())
      return wrap(
          mlir::arith::ConstantOp::create(*builder, builder->getFloatAttr(type(), double(number))));
    // Sign-extended to any width; the builder's own conversion is not, beyond 64 bits.
    llvm::APInt bits(type().getIntOrFloatBitWidth(), uint64_t(int64_t(number)), /*isSigned=*/true,
                     /*implicitTrunc=*/true);
    return wrap(mlir::arith::ConstantOp::create(*builder, builder->getIntegerAttr(type(), bits)));
  }

  Term operator+(Term other) const { return emit<mlir::arith::AddFOp, mlir::arith::AddIOp>(other); }
  Term operator-(Term other) const { return emit<mlir::arith::SubFOp, mlir::arith::SubIOp>(other); }
  Term operator*(Term other) const { return emit<mlir::arith::MulFOp, mlir::arith::MulIOp>(other); }
  /// Float quotient, or the quotient of two integers read as unsigned.
  Term operator/(Term other) const {
    return emit<mlir::arith::DivFOp, mlir::arith::DivUIOp>(other);
  }
  /// Remainder of two integers read as unsigned.
  template <typename T>
  Term operator%(T number) const {
    return integer<mlir::arith::RemUIOp>(constant(number));
  }
  Term operator&(Term other) const { return integer<mlir::arith::AndIOp>(other); }
  Term operator<<(Term other) const { return integer<mlir::arith::ShLIOp>(other); }
  /// Arithmetic shift.
  Term operator>>(Term other) const { return integer<mlir::arith::ShRSIOp>(other); }
  Term shiftRightUnsigned(Term other) const { return integer<mlir::arith::ShRUIOp>(other); }
  Term max(Term other) const { return emit<mlir::arith::MaximumFOp, mlir::arith::MaxSIOp>(other); }
  Term min(Term other) const { return emit<mlir::arith::MinimumFOp, mlir::arith::MinSIOp>(other); }
  template <typename T>
  Term operator+(T number) const {
    return *this + constant(number);
  }
  template <typename T>
  Term operator-(T number) const {
    return *this - constant(number);
  }
  template <typename T>
  Term operator*(T number) const {
    return *this * constant(number);
  }
  template <typename T>
  Term operator/(T number) const {
    return *this / constant(number);
  }
  template <typename T>
  Term operator&(T number) const {
    return *this & constant(number);
  }
  template <typename T>
  Term operator<<(T number) const {
    return *this << constant(number);
  }
  template <typename T>
  Term operator>>(T number) const {
    return *this >> constant(number);
  }
  template <typename T>
  Term max(T number) const {
    return max(constant(number));
  }
  template <typename T>
  Term min(T number) const {
    return min(constant(number));
  }
  Term negate() const { return constant(0) - *this; }
  Term abs() const { return max(negate()); }
  template <typename T>
  Term clamp(T low, T high) const {
    return max(low).min(high);
  }

  /// `this ? yes : no`, this being an i1.
  Term select(Term yes, Term no) const {
    return wrap(mlir::arith::SelectOp::create(*builder, value, yes.get(), no.get()));
  }
  Term compare(mlir::arith::CmpIPredicate predicate, Term other) const {
    return wrap(mlir::arith::CmpIOp::create(*builder, predicate, value, other.get()));
  }
  Term isNegative() const { return compare(mlir::arith::CmpIPredicate::slt, constant(0)); }
  Term isNonzero() const { return compare(mlir::arith::CmpIPredicate::ne, constant(0)); }

  /// The integer in `bits` bits: sign-extended, cut, or unchanged.
  Term toInteger(unsigned bits) const { return convert<mlir::arith::ExtSIOp>(bits); }
  /// The integer read as unsigned, in `bits` bits.
  Term toUnsigned(unsigned bits) const { return convert<mlir::arith::ExtUIOp>(bits); }
  Term toIndex() const {
    return wrap(mlir::arith::IndexCastOp::create(*builder, builder->getIndexType(), value));
  }

  Term wrap(mlir::Value other) const { return Term(*builder, other); }

private:
  template <typename F, typename I>
  Term emit(Term other) const {
    if (!isFloat())
      return wrap(I::create(*builder, value, other.get()));
    // Sums of floats may be reordered: else no reduction becomes vectors.
    auto flags = mlir::arith::FastMathFlags::reassoc | mlir::arith::FastMathFlags::contract;
    return wrap(F::create(*builder, value, other.get(),
                          mlir::arith::FastMathFlagsAttr::get(builder->getContext(), flags)));
  }
  template <typename I>
  Term integer(Term other) const {
    return wrap(I::create(*builder, value, other.get()));
  }
  template <typename Extend>
  Term convert(unsigned bits) const {
    unsigned width = type().getIntOrFloatBitWidth();
    if (width == bits)
      return *this;
    mlir::Type target = builder->getIntegerType(bits);
    if (width > bits)
      return wrap(mlir::arith::TruncIOp::create(*builder, target, value));
    return wrap(Extend::create(*builder, target, value));
  }

  mlir::ImplicitLocOpBuilder *builder;
  mlir::Value value;
};

/// `(p + 2^(e-1)) >> e`, and `p` for e = 0: round half up.
Term rsh(Term p, int64_t e);
/// The same for an exponent known at run time, of p's type.
Term rsh(Term p, Term e);
/// `min ... max` of a signed integer of `bits` bits.
Term clampTo(Term value, unsigned bits);
/// Bits of a positive integer read as unsigned.
Term bitLength(Term value);
/// `floor(sqrt(n))` of an i64 that has 61 to 63 bits: Newton's method from above, eight steps.
Term squareRoot(Term n);
/// `2^-(t / 2^15)` for an i32 t >= 0, 30 fraction bits (`intmath::exp2n`).
Term exp2n(Term t);

/// The attributes of I-BERT's softmax.
struct IbertConstants {
  int64_t ln2, b, c, n, multiplier, shift;
};

/// The constants of an op that has I-BERT's softmax in it.
template <typename Op>
IbertConstants ibertConstantsOf(Op op) {
  return {int64_t(op.getLn2()), int64_t(op.getB()),          int64_t(op.getC()),
          int64_t(op.getN()),   int64_t(op.getMultiplier()), int64_t(op.getShift())};
}

/// The 16-bit numerator of I-BERT's softmax for a score `distance` (i64) below its row's maximum
/// (C-IBERTSOFTMAX-1, C-IBERTSOFTMAX-2).
Term ibertNumerator(Term distance, const IbertConstants &constants);

} // namespace intaglio

#endif // INTAGLIO_CONVERSION_INTAGLIOTOLINALG_TERM_H
