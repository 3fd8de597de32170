// RUN: intaglio-opt --intaglio-raise-embedding --intaglio-raise-inputs %s | FileCheck %s

// Words, positions from a buffer, and row 1 of the types for every token: the row is added to the
// table of positions, which is the smallest.
// CHECK-LABEL: @bert(
// CHECK-SAME: %[[IDS:.*]]: tensor<?x?xi64> {intaglio.dims = ["b", "s"], intaglio.range = array<i64: 0, 3>}
// CHECK-SAME: attributes {intaglio.max_dims = {s = 3 : i64}}
// CHECK-DAG: %[[P:.*]] = arith.constant dense<{{\[}}[3.1{{.*}}, 4.1{{.*}}], [3.2{{.*}}, 4.2{{.*}}], [3.3{{.*}}, 4.3{{.*}}]]> : tensor<3x2xf32>
// CHECK: %[[WORDS:.*]] = intaglio.embedding %{{.*}}, %[[IDS]]
// CHECK: %[[POS:.*]] = intaglio.position_ids %[[IDS]]
// CHECK: %[[ROWS:.*]] = intaglio.embedding %[[P]], %[[POS]]
// CHECK: %[[Y:.*]] = intaglio.add %[[WORDS]], %[[ROWS]]
// CHECK-NEXT: return %[[Y]]
func.func @bert(%ids: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x2xf32> {
  %words = arith.constant dense<[[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5]]> : tensor<4x2xf32>
  %types = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %positions = arith.constant dense<[[0.125, 0.125], [0.25, 0.25], [0.375, 0.375]]> : tensor<3x2xf32>
  %buffer = arith.constant dense<[[0, 1, 2]]> : tensor<1x3xi64>
  %zero = arith.constant dense<0> : tensor<1xi64>
  %one = arith.constant dense<1> : tensor<1xi64>
  %two = arith.constant dense<2> : tensor<1xi64>
  %t = intaglio.source "Shape" opset 17(%ids) : (tensor<?x?xi64>) -> tensor<2xi64>
  %s = intaglio.source "Gather" opset 17(%t, %one) : (tensor<2xi64>, tensor<1xi64>) -> tensor<1xi64>
  %p = intaglio.source "Slice" opset 17(%buffer, %zero, %s, %one) : (tensor<1x3xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x?xi64>
  %flags = intaglio.source "ConstantOfShape" opset 17(%t) attributes {value = dense<1> : tensor<1xi64>} : (tensor<2xi64>) -> tensor<?x?xi64>
  %a = intaglio.source "Gather" opset 17(%words, %ids) : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
  %b = intaglio.source "Gather" opset 17(%types, %flags) : (tensor<2x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
  %c = intaglio.source "Gather" opset 17(%positions, %p) : (tensor<3x2xf32>, tensor<1x?xi64>) -> tensor<1x?x2xf32>
  %d = intaglio.source "Add" opset 17(%a, %b) : (tensor<?x?x2xf32>, tensor<?x?x2xf32>) -> tensor<?x?x2xf32>
  %y = intaglio.source "Add" opset 17(%d, %c) : (tensor<?x?x2xf32>, tensor<1x?x2xf32>) -> tensor<?x?x2xf32>
  return %y : tensor<?x?x2xf32>
}

// RoBERTa: padding does not count.
// CHECK-LABEL: @roberta(
// CHECK-SAME: %[[IDS:.*]]: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}
// CHECK-SAME: attributes {intaglio.max_dims = {s = 2 : i64}}
// CHECK: %[[POS:.*]] = intaglio.position_ids %[[IDS]] {padding_id = 1 : i64}
// CHECK: intaglio.embedding %{{.*}}, %[[POS]]
func.func @roberta(%ids: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x2xf32> {
  %positions = arith.constant dense<[[0.125, 0.125], [0.25, 0.25], [0.375, 0.375], [0.5, 0.5]]> : tensor<4x2xf32>
  %pad = arith.constant dense<1> : tensor<i64>
  %axis = arith.constant dense<1> : tensor<i64>
  %e = intaglio.source "Equal" opset 17(%ids, %pad) : (tensor<?x?xi64>, tensor<i64>) -> tensor<?x?xi1>
  %n = intaglio.source "Not" opset 17(%e) : (tensor<?x?xi1>) -> tensor<?x?xi1>
  %m = intaglio.source "Cast" opset 17(%n) attributes {to = 6 : i64} : (tensor<?x?xi1>) -> tensor<?x?xi32>
  %c = intaglio.source "CumSum" opset 17(%m, %axis) : (tensor<?x?xi32>, tensor<i64>) -> tensor<?x?xi32>
  %p = intaglio.source "Mul" opset 17(%c, %m) : (tensor<?x?xi32>, tensor<?x?xi32>) -> tensor<?x?xi32>
  %l = intaglio.source "Cast" opset 17(%p) attributes {to = 7 : i64} : (tensor<?x?xi32>) -> tensor<?x?xi64>
  %i = intaglio.source "Add" opset 17(%l, %pad) : (tensor<?x?xi64>, tensor<i64>) -> tensor<?x?xi64>
  %y = intaglio.source "Gather" opset 17(%positions, %i) : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
  return %y : tensor<?x?x2xf32>
}

// Ids of INT32 are widened once; the range is that of the input.
// CHECK-LABEL: @int32(
// CHECK-SAME: %[[IDS:.*]]: tensor<?x?xi32> {intaglio.dims = ["b", "s"], intaglio.range = array<i64: 0, 1>}
// CHECK-SAME: attributes {intaglio.max_dims = {s = 3 : i64}}
// CHECK: %[[WIDE:.*]] = arith.extsi %[[IDS]] : tensor<?x?xi32> to tensor<?x?xi64>
// CHECK-NOT: arith.extsi
// CHECK: intaglio.embedding %{{.*}}, %[[WIDE]]
// CHECK: %[[POS:.*]] = intaglio.position_ids %[[WIDE]]
// CHECK: intaglio.embedding %{{.*}}, %[[POS]]
func.func @int32(%ids: tensor<?x?xi32> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x2xf32> {
  %words = arith.constant dense<[[0.0, 0.5], [1.0, 1.5]]> : tensor<2x2xf32>
  %positions = arith.constant dense<[[0.125, 0.125], [0.25, 0.25], [0.375, 0.375]]> : tensor<3x2xf32>
  %buffer = arith.constant dense<[[0, 1, 2]]> : tensor<1x3xi64>
  %zero = arith.constant dense<0> : tensor<1xi64>
  %one = arith.constant dense<1> : tensor<1xi64>
  %t = intaglio.source "Shape" opset 17(%ids) : (tensor<?x?xi32>) -> tensor<2xi64>
  %s = intaglio.source "Gather" opset 17(%t, %one) : (tensor<2xi64>, tensor<1xi64>) -> tensor<1xi64>
  %p = intaglio.source "Slice" opset 17(%buffer, %zero, %s, %one) : (tensor<1x3xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x?xi64>
  %a = intaglio.source "Gather" opset 17(%words, %ids) : (tensor<2x2xf32>, tensor<?x?xi32>) -> tensor<?x?x2xf32>
  %c = intaglio.source "Gather" opset 17(%positions, %p) : (tensor<3x2xf32>, tensor<1x?xi64>) -> tensor<1x?x2xf32>
  %y = intaglio.source "Add" opset 17(%a, %c) : (tensor<?x?x2xf32>, tensor<1x?x2xf32>) -> tensor<?x?x2xf32>
  return %y : tensor<?x?x2xf32>
}
