//===- intaglio-opt.cpp - runs passes and pipelines on IR ----------------------------------===//

#include "../ForeignOptions.h"
#include "intaglio/InitAll.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  hideForeignOptions();
  mlir::DialectRegistry registry;
  intaglio::registerAllDialects(registry);
  mlir::registerAllPasses();
  intaglio::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Intaglio optimizer driver\n", registry));
}
