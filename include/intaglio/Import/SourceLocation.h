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
  mlir::Location child =
      mlir::FusedLoc::get({mlir::FileLineColLoc::get(context, file, 0, 0)}, what, context);
  return mlir::NameLoc::get(builder.getStringAttr(name.empty() ? "?" : name), child);
}

/// Prints a location as tools do before a diagnostic: `FILE: node 'NAME' (Op, opset N): `, as much
/// of it as is known, `FILE:LINE:COLUMN: ` for IR read from text; nothing for a location of another
/// form.
inline void printSourceLocation(mlir::Location location, llvm::raw_ostream &os) {
  auto name = llvm::dyn_cast<mlir::NameLoc>(location);
  mlir::Location inner = name ? name.getChildLoc() : location;
  auto fused = llvm::dyn_cast<mlir::FusedLoc>(inner);
  if (fused && !fused.getLocations().empty())
    inner = fused.getLocations().front();
  if (auto file = llvm::dyn_cast<mlir::FileLineColLoc>(inner)) {
    os << file.getFilename().getValue() << ":";
    if (file.getLine() > 0)
      os << file.getLine() << ":" << file.getColumn() << ":";
    os << " ";
  }
  if (name)
    os << "node '" << name.getName().getValue() << "'";
  if (auto what = fused ? llvm::dyn_cast_or_null<mlir::StringAttr>(fused.getMetadata()) : nullptr)
    os << " (" << what.getValue() << ")";
  if (name)
    os << ": ";
}

/// Prints a diagnostic and its notes as tools do: `FILE: node 'NAME' (Op, opset N): error:
/// message`. A handler for the context's diagnostic engine.
inline llvm::LogicalResult printDiagnostic(mlir::Diagnostic &diagnostic) {
  printSourceLocation(diagnostic.getLocation(), llvm::errs());
  constexpr llvm::StringLiteral kinds[] = {"note", "warning", "error", "remark"};
  llvm::errs() << kinds[unsigned(diagnostic.getSeverity())] << ": " << diagnostic << "\n";
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    if (failed(printDiagnostic(note)))
      return llvm::failure();
  return llvm::success();
}

} // namespace intaglio

#endif // INTAGLIO_IMPORT_SOURCELOCATION_H
