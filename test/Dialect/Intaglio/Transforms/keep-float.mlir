// RUN: intaglio-opt --intaglio-insert-observers="keep-float=head.*,^gelu$" %s | FileCheck %s
// RUN: not intaglio-opt --intaglio-insert-observers="keep-float=head.*,nothing" %s 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not intaglio-opt --intaglio-insert-observers="keep-float=position_ids" %s 2>&1 | FileCheck %s --check-prefix=INTEGER
// RUN: not intaglio-opt --intaglio-insert-observers="keep-float=he(ad" %s 2>&1 | FileCheck %s --check-prefix=REGEX

// An op that stays float is told why; what it gives is observed where integers read it. A float argument is named by its name, an
// op without a name by its kind.
// CHECK: func.func @main(%[[X:.*]]: tensor<?x4xf32> {
// CHECK: %[[OX:.*]] = intaglio.observe %[[X]] {id = "pixels"}
// CHECK: %[[Y:.*]] = intaglio.linear %[[OX]]
// CHECK-NEXT: %[[T:.*]] = intaglio.tanh %[[Y]] {intaglio.float = "kept by --keep-float"}
// CHECK-NEXT: %[[OT:.*]] = intaglio.observe %[[T]] {id = "head.tanh"}
// CHECK-NEXT: %[[Z:.*]] = intaglio.linear %[[OT]]
// CHECK-NEXT: %[[G:.*]] = intaglio.gelu %[[Z]] {intaglio.float = "kept by --keep-float"}
// CHECK-NEXT: %[[D:.*]] = intaglio.linear %[[G]], %{{.*}} {intaglio.float = "operand #1 is no constant"}
// CHECK-NEXT: return %[[D]]

// NOTHING: error: keep-float: 'nothing' matches the name of no float op
// INTEGER: error: keep-float: 'position_ids' matches the name of no float op
// REGEX: error: keep-float: 'he(ad' is no regular expression: parentheses not balanced
func.func @main(%x: tensor<?x4xf32> {intaglio.name = "pixels"}, %weight: tensor<4x4xf32>, %ids: tensor<?x?xi64>) -> (tensor<?x4xf32>, tensor<?x?xi64>) {
  %w = arith.constant dense<0.5> : tensor<4x4xf32>
  %p = intaglio.position_ids %ids : tensor<?x?xi64>
  %y = intaglio.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32> loc("dense")
  %t = intaglio.tanh %y : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("head.tanh")
  %z = intaglio.linear %t, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32> loc("classifier")
  %g = intaglio.gelu %z : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %d = intaglio.linear %g, %weight : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32> loc("dynamic")
  return %d, %p : tensor<?x4xf32>, tensor<?x?xi64>
}
