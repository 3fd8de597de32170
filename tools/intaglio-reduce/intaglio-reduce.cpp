//===- intaglio-reduce.cpp - shrinks IR that shows a fault ---------------------------------===//

#include "../ForeignOptions.h"
#include "intaglio/InitAll.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"

int main(int argc, char **argv) {
  hideForeignOptions();
  mlir::DialectRegistry registry;
  intaglio::registerAllDialects(registry);
  mlir::registerAllPasses();
  intaglio::registerAllPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
