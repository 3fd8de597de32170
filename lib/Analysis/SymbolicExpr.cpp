//===- SymbolicExpr.cpp - polynomials over dims, indices and input elements -----------------===//

#include "intaglio/Analysis/SymbolicExpr.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace intaglio;

/// An expression beyond these sizes becomes opaque, so that no input makes the analysis expensive.
static constexpr size_t kMaxTerms = 24, kMaxFactors = 6, kMaxDepth = 16, kMaxSize = 128;

bool SymbolicExpr::Less::operator()(const Monomial &a, const Monomial &b) const {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const SymbolicAtom *x, const SymbolicAtom *y) { return x->order < y->order; });
}

std::optional<double> SymbolicExpr::getConstant() const {
  if (terms.empty())
    return 0.0;
  if (terms.size() == 1 && terms.begin()->first.empty())
    return terms.begin()->second;
  return std::nullopt;
}

const SymbolicAtom *SymbolicExpr::getAtom() const {
  if (terms.size() != 1 || terms.begin()->second != 1 || terms.begin()->first.size() != 1)
    return nullptr;
  return terms.begin()->first.front();
}

SymbolicExpr &SymbolicExpr::operator+=(const SymbolicExpr &other) {
  for (const auto &[monomial, factor] : other.terms) {
    double &total = terms[monomial];
    total += factor;
    if (total == 0)
      terms.erase(monomial);
  }
  return *this;
}

SymbolicExpr SymbolicExpr::operator+(const SymbolicExpr &other) const {
  SymbolicExpr sum = *this;
  sum += other;
  return sum;
}

SymbolicExpr SymbolicExpr::operator*(const SymbolicExpr &other) const {
  SymbolicExpr product;
  for (const auto &[a, factorA] : terms)
    for (const auto &[b, factorB] : other.terms) {
      Monomial monomial = a;
      monomial.insert(monomial.end(), b.begin(), b.end());
      llvm::sort(monomial, [](auto *x, auto *y) { return x->order < y->order; });
      SymbolicExpr term;
      term.terms[monomial] = factorA * factorB;
      product += term;
    }
  return product;
}

void intaglio::forEachAtom(const SymbolicExpr &expr,
                           function_ref<void(const SymbolicAtom &)> visit) {
  for (const auto &term : expr.terms)
    for (const SymbolicAtom *atom : term.first) {
      visit(*atom);
      for (const SymbolicExpr &arg : atom->args)
        forEachAtom(arg, visit);
    }
}

/// A number that the expression cannot fall below; none where nothing is known.
static std::optional<double> lowerBound(const SymbolicExpr &expr) {
  double bound = 0;
  for (const auto &[monomial, factor] : expr.terms) {
    if (!monomial.empty() && !(factor > 0))
      return std::nullopt;
    double least = factor;
    for (const SymbolicAtom *atom : monomial) {
      switch (atom->kind) {
      case SymbolicAtom::Symbol:
        break;
      case SymbolicAtom::Index:
      case SymbolicAtom::Equal0:
      case SymbolicAtom::AtLeast0:
      case SymbolicAtom::Mod:
        least = 0;
        break;
      case SymbolicAtom::FloorDiv:
        if (!(lowerBound(atom->args[0]).value_or(-1) >= 0))
          return std::nullopt;
        least = 0;
        break;
      default:
        return std::nullopt;
      }
    }
    bound += least;
  }
  return bound;
}

/// What the expression cannot exceed where coordinate i stays below `bounds[i]`. Its atoms are not
/// negative, which `lowerBound` has shown.
static std::optional<SymbolicExpr> upperBound(SymbolicContext &context, const SymbolicExpr &expr,
                                              ArrayRef<SymbolicExpr> bounds) {
  SymbolicExpr bound;
  for (const auto &[monomial, factor] : expr.terms) {
    SymbolicExpr most(factor);
    for (const SymbolicAtom *atom : monomial) {
      std::optional<SymbolicExpr> largest;
      if (atom->kind == SymbolicAtom::Symbol)
        largest = SymbolicExpr::of(atom);
      else if (atom->kind == SymbolicAtom::Index && size_t(atom->number) < bounds.size())
        largest = bounds[atom->number] - SymbolicExpr(1);
      else if (atom->kind == SymbolicAtom::Mod)
        largest = atom->args[1] - SymbolicExpr(1);
      else if (atom->kind == SymbolicAtom::FloorDiv)
        if (std::optional<SymbolicExpr> inner = upperBound(context, atom->args[0], bounds))
          if ((largest = context.divideExactly(*inner + SymbolicExpr(1), atom->args[1])))
            largest = *largest - SymbolicExpr(1);
      if (!largest)
        return std::nullopt;
      most = context.multiply(most, *largest);
    }
    bound += most;
  }
  return bound;
}

SymbolicExpr SymbolicContext::atom(Kind kind, int64_t number, Exprs args) {
  std::string key;
  raw_string_ostream os(key);
  os << int(kind) << ':' << number;
  unsigned depth = 1, size = 1;
  for (const SymbolicExpr &arg : args) {
    os << '(';
    for (const auto &[monomial, factor] : arg.terms) {
      os << format_hex(bit_cast<uint64_t>(factor), 18);
      for (const SymbolicAtom *factorAtom : monomial) {
        os << ' ' << factorAtom->order;
        depth = std::max(depth, factorAtom->depth + 1);
        size += factorAtom->size;
      }
      os << ',';
    }
    os << ')';
  }
  if (depth > kMaxDepth || size > kMaxSize)
    return opaque();
  const SymbolicAtom *&found = byKey[key];
  if (!found) {
    atoms.push_back(std::make_unique<SymbolicAtom>(
        SymbolicAtom{kind, number, args.vec(), unsigned(atoms.size()), depth, size}));
    found = atoms.back().get();
  }
  return SymbolicExpr::of(found);
}

SymbolicExpr SymbolicContext::symbol(StringRef name) {
  auto found = llvm::find(symbolNames, name);
  int64_t number = found - symbolNames.begin();
  if (found == symbolNames.end())
    symbolNames.push_back(name.str());
  return atom(SymbolicAtom::Symbol, number, {});
}

StringRef SymbolicContext::getSymbolName(const SymbolicExpr &expr) const {
  const SymbolicAtom *atom = expr.getAtom();
  return atom && atom->kind == SymbolicAtom::Symbol ? StringRef(symbolNames[atom->number])
                                                    : StringRef();
}

SymbolicExpr SymbolicContext::opaque() { return atom(SymbolicAtom::Opaque, atoms.size(), {}); }

SymbolicExpr SymbolicContext::limit(SymbolicExpr expr) {
  bool fits = expr.terms.size() <= kMaxTerms &&
              all_of(expr.terms, [](const auto &term) { return term.first.size() <= kMaxFactors; });
  return fits ? expr : opaque();
}

SymbolicExpr SymbolicContext::multiply(const SymbolicExpr &a, const SymbolicExpr &b) {
  bool finite = true;
  for (const SymbolicExpr *expr : {&a, &b})
    for (const auto &term : expr->terms)
      finite &= std::isfinite(term.second);
  bool constant = a.getConstant() && b.getConstant();
  return finite || constant ? limit(a * b) : opaque();
}

SymbolicExpr SymbolicContext::isEqual(const SymbolicExpr &a, const SymbolicExpr &b) {
  return make(SymbolicAtom::Equal0, 0, {a - b});
}

SymbolicExpr SymbolicContext::isAtLeast(const SymbolicExpr &a, const SymbolicExpr &b) {
  return make(SymbolicAtom::AtLeast0, 0, {a - b});
}

std::optional<SymbolicExpr> SymbolicContext::divideExactly(const SymbolicExpr &a,
                                                           const SymbolicExpr &b) {
  if (a == b)
    return SymbolicExpr(1);
  if (b.terms.size() != 1)
    return std::nullopt;
  const auto &[divisor, divisorFactor] = *b.terms.begin();
  SymbolicExpr quotient;
  for (const auto &[monomial, factor] : a.terms) {
    SymbolicExpr::Monomial rest = monomial;
    for (const SymbolicAtom *atom : divisor) {
      auto found = llvm::find(rest, atom);
      if (found == rest.end())
        return std::nullopt;
      rest.erase(found);
    }
    if (std::fmod(factor, divisorFactor) != 0)
      return std::nullopt;
    quotient.terms[rest] = factor / divisorFactor;
  }
  return quotient;
}

/// Whether 0 <= rest < b is certain.
static bool isInside(SymbolicContext &context, const SymbolicExpr &rest, const SymbolicExpr &b,
                     ArrayRef<SymbolicExpr> bounds) {
  if (!(lowerBound(rest).value_or(-1) >= 0))
    return false;
  std::optional<SymbolicExpr> most = upperBound(context, rest, bounds);
  return most && lowerBound(b - *most).value_or(0) >= 1;
}

/// The terms that `b` divides give the quotient; what is left gives the rest.
SymbolicExpr SymbolicContext::divide(const SymbolicExpr &a, const SymbolicExpr &b, Exprs bounds,
                                     bool wantRest) {
  SymbolicExpr quotient, rest;
  for (const auto &term : a.terms) {
    SymbolicExpr single;
    single.terms.insert(term);
    if (std::optional<SymbolicExpr> part = divideExactly(single, b))
      quotient = quotient + *part;
    else
      rest = rest + single;
  }
  if (isInside(*this, rest, b, bounds))
    return wantRest ? rest : quotient;
  if (wantRest)
    return atom(SymbolicAtom::Mod, 0, {rest, b});
  return limit(quotient + atom(SymbolicAtom::FloorDiv, 0, {rest, b}));
}

SymbolicExpr SymbolicContext::make(Kind kind, int64_t number, Exprs args, Exprs bounds) {
  std::optional<double> first =
      args.empty() ? std::nullopt : std::optional<double>(args[0].getConstant());
  switch (kind) {
  case SymbolicAtom::Equal0: {
    if (first)
      return SymbolicExpr(*first == 0);
    std::optional<double> least = lowerBound(args[0]), most = lowerBound(args[0] * -1.0);
    if ((least && *least > 0) || (most && *most > 0))
      return SymbolicExpr(0);
    break;
  }
  case SymbolicAtom::AtLeast0: {
    std::optional<double> least = lowerBound(args[0]), most = lowerBound(args[0] * -1.0);
    if (first || (least && *least >= 0) || (most && *most > 0))
      return SymbolicExpr(first ? *first >= 0 : least && *least >= 0);
    break;
  }
  case SymbolicAtom::FloorDiv:
  case SymbolicAtom::Mod: {
    bool rest = kind == SymbolicAtom::Mod;
    std::optional<double> second = args[1].getConstant();
    if (second && *second == 0)
      return opaque();
    if (first && second) {
      double quotient = std::floor(*first / *second);
      return SymbolicExpr(rest ? *first - quotient * *second : quotient);
    }
    return divide(args[0], args[1], bounds, rest);
  }
  case SymbolicAtom::Select:
    if (first)
      return args[*first != 0 ? 1 : 2];
    if (args[1] == args[2])
      return args[1];
    break;
  case SymbolicAtom::Choice:
    if (first && *first >= 0 && *first < double(args.size() - 1))
      return args[1 + size_t(*first)];
    break;
  default:
    break;
  }
  return atom(kind, number, args);
}

SymbolicExpr SymbolicContext::substitute(const SymbolicExpr &expr, Exprs indices, Exprs bounds) {
  SymbolicExpr result;
  for (const auto &[monomial, factor] : expr.terms) {
    SymbolicExpr product(factor);
    for (const SymbolicAtom *atom : monomial) {
      SymbolicExpr value = SymbolicExpr::of(atom);
      if (atom->kind == SymbolicAtom::Index) {
        value = size_t(atom->number) < indices.size() ? indices[atom->number] : opaque();
      } else if (!atom->args.empty()) {
        // The body of a sum has coordinates of its own.
        bool closed = atom->kind == SymbolicAtom::CumSum || atom->kind == SymbolicAtom::Sum;
        SmallVector<SymbolicExpr> args;
        for (const SymbolicExpr &arg : atom->args)
          args.push_back(closed && args.empty() ? arg : substitute(arg, indices, bounds));
        value = make(atom->kind, atom->number, args, bounds);
      }
      product = multiply(product, value);
    }
    result = limit(std::move(result += product));
  }
  return result;
}

namespace {
using ValueOf = function_ref<std::optional<double>(const SymbolicAtom &)>;

std::optional<double> evaluateAtom(const SymbolicAtom &atom, ValueOf valueOf) {
  auto arg = [&](size_t index) { return evaluate(atom.args[index], valueOf); };
  switch (atom.kind) {
  case SymbolicAtom::Equal0:
  case SymbolicAtom::AtLeast0: {
    std::optional<double> x = arg(0);
    if (!x)
      return std::nullopt;
    return atom.kind == SymbolicAtom::Equal0 ? *x == 0 : *x >= 0;
  }
  case SymbolicAtom::Select: {
    std::optional<double> condition = arg(0);
    return condition ? arg(*condition != 0 ? 1 : 2) : std::nullopt;
  }
  case SymbolicAtom::FloorDiv:
  case SymbolicAtom::Mod: {
    std::optional<double> a = arg(0), b = arg(1);
    if (!a || !b || *b == 0)
      return std::nullopt;
    double quotient = std::floor(*a / *b);
    return atom.kind == SymbolicAtom::FloorDiv ? quotient : *a - quotient * *b;
  }
  case SymbolicAtom::Choice:
  case SymbolicAtom::Opaque:
    return std::nullopt;
  default:
    return valueOf(atom);
  }
}
} // namespace

std::optional<double> intaglio::evaluate(const SymbolicExpr &expr, ValueOf valueOf) {
  SmallVector<double> products;
  for (const auto &[monomial, factor] : expr.terms) {
    double product = factor;
    for (const SymbolicAtom *atom : monomial) {
      std::optional<double> value = evaluateAtom(*atom, valueOf);
      if (!value)
        return std::nullopt;
      product *= *value;
    }
    products.push_back(product);
  }
  // The largest first: what masks add to scores and take away again leaves nothing behind.
  llvm::sort(products, [](double a, double b) { return std::fabs(a) > std::fabs(b); });
  double sum = 0;
  for (double product : products)
    sum += product;
  return sum;
}
