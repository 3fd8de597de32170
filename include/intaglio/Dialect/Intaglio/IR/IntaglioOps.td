//===- IntaglioOps.td - all families of the dialect -----------------------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_OPS
#define INTAGLIO_DIALECT_INTAGLIO_IR_OPS

include "intaglio/Dialect/Intaglio/IR/GraphOps.td"
include "intaglio/Dialect/Intaglio/IR/IntegerOps.td"
include "intaglio/Dialect/Intaglio/IR/QuantOps.td"
include "intaglio/Dialect/Intaglio/IR/SourceOps.td"

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_OPS
