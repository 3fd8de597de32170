//===- Term.cpp - the formulas that several ops share --------------------------------------===//

#include "Term.h"

using namespace mlir;
using namespace intaglio;

Term intaglio::rsh(Term p, int64_t e) { return e == 0 ? p : (p + (int64_t(1) << (e - 1))) >> e; }

Term intaglio::rsh(Term p, Term e) { return (p + ((p.constant(1) << e) >> 1)) >> e; }

Term intaglio::clampTo(Term value, unsigned bits) {
  int64_t top = (int64_t(1) << (bits - 1)) - 1;
  return value.clamp(-top - 1, top);
}

Term intaglio::bitLength(Term value) {
  Value zeros = math::CountLeadingZerosOp::create(value.build(), value.get());
  return value.constant(value.type().getIntOrFloatBitWidth()) - value.wrap(zeros);
}

Term intaglio::squareRoot(Term n) {
  Term x = n.constant(int64_t(1) << 32);
  for (int step = 0; step < 8; ++step)
    x = x.min((x + n / x) >> 1);
  return x;
}

Term intaglio::exp2n(Term t) {
  Term whole = t >> 15, f = t & 0x7FFF;
  Term p = ((f * -5118 + (1 << 14)) >> 15) + 30202;
  p = ((p * f + (1 << 14)) >> 15) - 90620;
  Term k = p.negate() * f;
  Term one = t.constant(1);
  Term half = t.constant(int64_t(INT32_MIN)) - k.shiftRightUnsigned(one);
  // Beyond 30 the shift would leave the word; the value is 0 there.
  Term value = half.shiftRightUnsigned(whole.min(30) + 1);
  Term beyond = whole.compare(arith::CmpIPredicate::sgt, t.constant(30));
  return beyond.select(t.constant(0), value);
}

/// `round(p / 2^e)`, ties to even, 0 <= e; the product needs 96 bits where e is beyond 62.
static Term roundHalfEven(Term p, int64_t e) {
  if (e == 0)
    return p;
  Term one = p.constant(1);
  Term floor = p >> p.constant(e);
  Term rest = p - (floor << p.constant(e));
  Term half = one << p.constant(e - 1);
  Term above = rest.compare(arith::CmpIPredicate::sgt, half);
  Term tie = rest.compare(arith::CmpIPredicate::eq, half);
  Term zero = p.constant(0);
  return floor + above.select(one, tie.select(floor & one, zero));
}

Term intaglio::ibertNumerator(Term distance, const IbertConstants &k) {
  Term d = distance.min(-k.ln2 * k.n);
  Term z = d / -k.ln2;
  Term r = (d + z * k.ln2).negate();
  Term poly = (r + k.b) * r + k.c;
  Term e = (poly << (z.constant(k.n) - z)).max(0);
  Term product = e.toInteger(128) * k.multiplier;
  return clampTo(roundHalfEven(product, k.shift), 16).toInteger(64);
}
