//===- SymbolicExpr.h - polynomials over dims, indices and input elements -------------------===//

#ifndef INTAGLIO_ANALYSIS_SYMBOLICEXPR_H
#define INTAGLIO_ANALYSIS_SYMBOLICEXPR_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intaglio {

struct SymbolicAtom;

/// One number as a polynomial over atoms, in a normal form: equal polynomials are equal objects.
/// Truth values are 0 and 1, so that `and` is a product and `not` is `1 - x`.
class SymbolicExpr {
public:
  /// The atoms of a product, sorted by their order.
  using Monomial = std::vector<const SymbolicAtom *>;
  /// By the atoms' orders, so that nothing depends on addresses.
  struct Less {
    bool operator()(const Monomial &a, const Monomial &b) const;
  };

  SymbolicExpr(double constant = 0) {
    if (constant != 0)
      terms[{}] = constant;
  }
  static SymbolicExpr of(const SymbolicAtom *atom) {
    SymbolicExpr expr;
    expr.terms[{atom}] = 1;
    return expr;
  }

  /// The value where it depends on nothing.
  std::optional<double> getConstant() const;
  /// The atom where the expression is just it.
  const SymbolicAtom *getAtom() const;

  SymbolicExpr operator+(const SymbolicExpr &other) const;
  SymbolicExpr operator-(const SymbolicExpr &other) const { return *this + other * -1.0; }
  SymbolicExpr &operator+=(const SymbolicExpr &other);
  SymbolicExpr operator*(const SymbolicExpr &other) const;
  bool operator==(const SymbolicExpr &other) const { return terms == other.terms; }
  bool operator!=(const SymbolicExpr &other) const { return !(*this == other); }

  std::map<Monomial, double, Less> terms;
};

/// What is not a polynomial of other things.
struct SymbolicAtom {
  enum Kind {
    Symbol,   ///< a dimension, at least 1
    Index,    ///< the coordinate `number` of the element that is meant
    Load,     ///< the element at args of tensor `number`; SymbolicTensors counts them
    Equal0,   ///< args[0] == 0
    AtLeast0, ///< args[0] >= 0
    FloorDiv, ///< floor(args[0] / args[1])
    Mod,      ///< args[0] modulo args[1]
    Select,   ///< args[0] ? args[1] : args[2]
    Choice,   ///< args[1 + args[0]]
    CumSum,   ///< sum of args[0] with coordinate `number` from 0 to args[1 + number]; the others at
              ///< args
    Sum,      ///< sum of args[0] over coordinate `number`; the others at args
    Opaque    ///< unknown
  };
  Kind kind;
  int64_t number;
  std::vector<SymbolicExpr> args;
  unsigned order; ///< the atoms' own order, that of their making
  unsigned depth; ///< nesting of atoms, limited
  unsigned size;  ///< atoms in it, nested ones too, each as often as it is met; limited
};

/// Makes expressions; owns their atoms. Equal atoms are one.
class SymbolicContext {
public:
  using Kind = SymbolicAtom::Kind;
  using Exprs = llvm::ArrayRef<SymbolicExpr>;

  SymbolicExpr symbol(llvm::StringRef name);
  SymbolicExpr index(int64_t axis) { return atom(SymbolicAtom::Index, axis, {}); }
  SymbolicExpr opaque();
  /// An atom, folded where its arguments allow; `bounds` are the sizes that coordinates stay below.
  SymbolicExpr make(Kind kind, int64_t number, Exprs args, Exprs bounds = {});
  SymbolicExpr multiply(const SymbolicExpr &a, const SymbolicExpr &b);
  /// The expression, or something opaque where it has grown beyond what is kept.
  SymbolicExpr limit(SymbolicExpr expr);
  SymbolicExpr isEqual(const SymbolicExpr &a, const SymbolicExpr &b);
  SymbolicExpr isAtLeast(const SymbolicExpr &a, const SymbolicExpr &b);

  /// The expression with each coordinate replaced.
  SymbolicExpr substitute(const SymbolicExpr &expr, Exprs indices, Exprs bounds);
  /// The quotient where the division leaves no rest.
  std::optional<SymbolicExpr> divideExactly(const SymbolicExpr &a, const SymbolicExpr &b);
  /// The name of a dimension; empty for anything else.
  llvm::StringRef getSymbolName(const SymbolicExpr &expr) const;

private:
  SymbolicExpr atom(Kind kind, int64_t number, Exprs args);
  SymbolicExpr divide(const SymbolicExpr &a, const SymbolicExpr &b, Exprs bounds, bool wantRest);

  std::vector<std::unique_ptr<SymbolicAtom>> atoms;
  llvm::StringMap<const SymbolicAtom *> byKey;
  std::vector<std::string> symbolNames;
};

/// Calls `visit` on each atom of the expression, nested ones too.
void forEachAtom(const SymbolicExpr &expr, llvm::function_ref<void(const SymbolicAtom &)> visit);

/// The number that results when `valueOf` decides each `Load`, `Index`, `Symbol`, `CumSum` and
/// `Sum`; none where it does not, or something opaque is met.
std::optional<double>
evaluate(const SymbolicExpr &expr,
         llvm::function_ref<std::optional<double>(const SymbolicAtom &)> valueOf);

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_SYMBOLICEXPR_H
