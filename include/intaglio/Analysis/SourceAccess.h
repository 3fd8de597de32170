//===- SourceAccess.h - inputs and attributes of source ops ---------------------------------===//

#ifndef INTAGLIO_ANALYSIS_SOURCEACCESS_H
#define INTAGLIO_ANALYSIS_SOURCEACCESS_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

namespace intaglio {

/// Reads a source op as its format numbers and names things. An attribute of another type than
/// asked for reads as missing.
class SourceAccess {
public:
  explicit SourceAccess(SourceOp op) : op(op), attributes(op.getNodeAttributesAttr()) {}

  /// The format's input `index`; null where it was left out.
  mlir::Value input(unsigned index) {
    std::optional<llvm::ArrayRef<bool>> present = op.getPresent();
    if (!present)
      return index < op.getInputs().size() ? op.getInputs()[index] : mlir::Value();
    if (index >= present->size() || !(*present)[index])
      return mlir::Value();
    return op.getInputs()[llvm::count(present->take_front(index), true)];
  }

  int64_t integer(llvm::StringRef name, int64_t missing) const {
    auto attribute = get<mlir::IntegerAttr>(name);
    return attribute ? attribute.getInt() : missing;
  }

  double number(llvm::StringRef name, double missing) const {
    auto attribute = get<mlir::FloatAttr>(name);
    return attribute ? attribute.getValueAsDouble() : missing;
  }

  llvm::StringRef text(llvm::StringRef name, llvm::StringRef missing) const {
    auto attribute = get<mlir::StringAttr>(name);
    return attribute ? attribute.getValue() : missing;
  }

  std::optional<llvm::SmallVector<int64_t>> integers(llvm::StringRef name) const {
    auto attribute = get<mlir::DenseI64ArrayAttr>(name);
    return attribute ? std::optional(llvm::SmallVector<int64_t>(attribute.asArrayRef()))
                     : std::nullopt;
  }

private:
  template <typename Attribute>
  Attribute get(llvm::StringRef name) const {
    return attributes ? attributes.getAs<Attribute>(name) : Attribute();
  }

  SourceOp op;
  mlir::DictionaryAttr attributes;
};

/// An axis counted from the front; none where it lies outside of `rank` axes.
inline std::optional<int64_t> normalizeAxis(int64_t axis, size_t rank) {
  if (axis < 0)
    axis += static_cast<int64_t>(rank);
  return axis >= 0 && axis < static_cast<int64_t>(rank) ? std::optional(axis) : std::nullopt;
}

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_SOURCEACCESS_H
