//===- Importing.h - what every importer owes for any input ---------------------------------===//

#ifndef INTAGLIO_TEST_FUZZ_IMPORTING_H
#define INTAGLIO_TEST_FUZZ_IMPORTING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"

#include <cstdlib>

namespace intaglio::fuzz {

/// Runs `import(context)` in a context of its own. Aborts unless it gives a module that verifies
/// and no error, or no module and at least one error.
template <typename Import>
void checkImport(Import import) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  unsigned errors = 0;
  context.getDiagEngine().registerHandler([&](mlir::Diagnostic &diagnostic) {
    errors += diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    return mlir::success();
  });
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> module = import(&context);
  if (mlir::succeeded(module) != (errors == 0))
    std::abort();
  if (mlir::succeeded(module) && mlir::failed(mlir::verify(**module)))
    std::abort();
}

} // namespace intaglio::fuzz

#endif // INTAGLIO_TEST_FUZZ_IMPORTING_H
