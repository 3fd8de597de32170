//===- intaglio-lsp-server.cpp - language server for .mlir files with the dialect ----------===//

#include "../ForeignOptions.h"
#include "intaglio/InitAll.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  hideForeignOptions();
  mlir::DialectRegistry registry;
  intaglio::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
