//===- Masks.cpp - which tokens take part ---------------------------------------------------===//

#include "Masks.h"

#include "Raise.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// What is this far below the others has no weight after softmax.
constexpr double blocked = -9999;

/// The mask's element where all atoms beside the data are that; otherwise the reason in `problem`.
std::optional<SymbolicExpr> findMask(SymbolicTensors &tensors, const SymbolicExpr &body,
                                     const SymbolicExpr &data, std::string &problem) {
  std::optional<SymbolicExpr> found;
  std::function<void(const SymbolicExpr &)> visit = [&](const SymbolicExpr &expr) {
    for (const auto &term : expr.terms)
      for (const SymbolicAtom *atom : term.first) {
        SymbolicExpr element = SymbolicExpr::of(atom);
        if (element == data)
          continue;
        if (atom->kind == SymbolicAtom::Load) {
          if (found && *found != element)
            problem = "the mask is made of more than one element of the inputs";
          found = element;
        } else if (atom->kind == SymbolicAtom::Index) {
          problem =
              "the mask depends on positions (as a causal one does), not on the key's flag only";
        } else if (atom->kind == SymbolicAtom::Opaque || atom->kind == SymbolicAtom::Sum ||
                   atom->kind == SymbolicAtom::CumSum) {
          problem = "the mask is made in a way that is not understood";
        } else {
          for (const SymbolicExpr &arg : atom->args)
            visit(arg);
        }
      }
  };
  visit(body);
  return found;
}

/// Whether the element is that of an input [batch, sequence] at the batch and the token.
std::string checkMask(SymbolicTensors &tensors, const SymbolicExpr &mask, ArrayRef<SymbolicExpr> at,
                      size_t tokenAxis) {
  Value value = tensors.getLoaded(*mask.getAtom());
  auto argument = dyn_cast<BlockArgument>(value);
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!argument || !type || type.getRank() != 2)
    return "the mask does not come from an input [batch, sequence]";
  if (!holdsIndices(value))
    return "the mask is neither INT64 nor INT32";
  if (mask != tensors.load(value, {at[0], at[tokenAxis]}))
    return "the mask depends on more than the batch and the key (as a causal one does)";
  return "";
}

} // namespace

MaskedValue intaglio::raise::splitMask(SymbolicTensors &tensors, Value value, Value data,
                                       size_t tokenAxis, bool shifts) {
  MaskedValue result;
  std::optional<SymbolicTensor::Exprs> shape = tensors.getShape(value);
  std::optional<SymbolicExpr> body = tensors.getBody(value);
  SymbolicTensor::Exprs at = tensors.getIdentity(*shape);
  SymbolicExpr element = tensors.load(data, at);
  std::optional<SymbolicExpr> mask = findMask(tensors, *body, element, result.problem);
  if (result.problem.empty() && mask)
    result.problem = checkMask(tensors, *mask, at, tokenAxis);
  if (!result.problem.empty())
    return result;
  auto with = [&](double flag, double x) {
    std::optional<double> number = evaluate(*body, [&](const SymbolicAtom &atom) {
      SymbolicExpr expr = SymbolicExpr::of(&atom);
      return expr == element         ? std::optional(x)
             : mask && expr == *mask ? std::optional(flag)
                                     : std::nullopt;
    });
    return number.value_or(std::nan(""));
  };
  double zero = with(1, 0);
  result.factor = with(1, 1) - zero;
  bool isLinear = std::abs(with(1, 2) - zero - 2 * result.factor) <= 1e-6 * std::abs(result.factor);
  if (!isLinear || !std::isfinite(zero) || (zero != 0 && !shifts) || result.factor == 0)
    result.problem = "what takes part is not a multiple of the data";
  else if (mask && (with(0, 0) - zero <= blocked && with(0, 100) - zero <= blocked))
    result.mask = tensors.getLoaded(*mask->getAtom());
  else if (mask && (with(0, 0) != zero || with(0, 1) != with(1, 1)))
    result.problem = "a mask of 0 does not take the key away";
  return result;
}
