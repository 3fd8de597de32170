//===- IntaglioDialect.cpp - registration of the dialect -----------------------------------===//

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace intaglio;

#include "intaglio/Dialect/Intaglio/IR/IntaglioDialect.cpp.inc"
#include "intaglio/Dialect/Intaglio/IR/IntaglioEnums.cpp.inc"
#include "intaglio/Dialect/Intaglio/IR/IntaglioInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "intaglio/Dialect/Intaglio/IR/IntaglioAttributes.cpp.inc"

void IntaglioDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "intaglio/Dialect/Intaglio/IR/IntaglioAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.cpp.inc"
