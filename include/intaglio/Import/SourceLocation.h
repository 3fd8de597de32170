//===- SourceLocation.h - where an op stands in an imported model --------------------------===//

#ifndef INTAGLIO_IMPORT_SOURCELOCATION_H
#define INTAGLIO_IMPORT_SOURCELOCATION_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"

namespace intaglio {

/// The location of a node: its name, under it operator, opset and file. Passes keep the name.
inline mlir::Location getSourceLocation(mlir::MLIRContext *context, llvm::StringRef file,
                                        llvm::StringRef name, llvm::StringRef opType,
                                        int64_t opset) {
  mlir::Builder builder(context);
  auto what = builder.getStringAttr(opType + llvm::Twine(", opset ") + llvm::Twine(opset));
  mlir::Location child = mlir::FusedLoc::get(
      {mlir::FileLineColLoc::get(context, file, 0, 0)}, what, context);
  return mlir::NameLoc::get(builder.getStringAttr(name.empty() ? "?" : name), child);
}

/// Prints a location as tools do before a diagnostic: `FILE: node 'NAME' (Op, opset N): `, as much of
/// it as is known; nothing for a location of another form.
inline void printSourceLocation(mlir::Location location, llvm::raw_ostream &os) {
  auto name = llvm::dyn_cast<mlir::NameLoc>(location);
  mlir::Location inner = name ? name.getChildLoc() : location;
  auto fused = llvm::dyn_cast<mlir::FusedLoc>(inner);
  if (fused && !fused.getLocations().empty())
    inner = fused.getLocations().front();
  if (auto file = llvm::dyn_cast<mlir::FileLineColLoc>(inner))
    os << file.getFilename().getValue() << ": ";
  if (name)
    os << "node '" << name.getName().getValue() << "'";
  if (auto what = fused ? llvm::dyn_cast_or_null<mlir::StringAttr>(fused.getMetadata()) : nullptr)
    os << " (" << what.getValue() << ")";
  if (name)
    os << ": ";
}

} // namespace intaglio

#endif // INTAGLIO_IMPORT_SOURCELOCATION_H
