// RUN: intaglio-opt --intaglio-insert-observers --split-input-file %s | FileCheck %s
// RUN: intaglio-opt --intaglio-insert-observers="byte-activations=true" --split-input-file %s | FileCheck %s --check-prefix=BYTES

// Bytes and streams are observed; accumulators that `add` and `gelu` take are not; the name of an edge is that of its op.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[IDS:.*]]: tensor<?x?xi64>, %[[MASK:.*]]: tensor<?x?xi64>)
// CHECK: %[[E:.*]] = intaglio.embedding
// CHECK-NEXT: %[[S:.*]] = intaglio.add %[[E]], %[[E]]
// CHECK-NEXT: %[[OS:.*]] = intaglio.observe %[[S]], %[[MASK]] {id = "sum"}
// CHECK-NEXT: %[[X:.*]] = intaglio.layer_norm %[[OS]]
// CHECK-NEXT: %[[OX:.*]] = intaglio.observe %[[X]], %[[MASK]] {id = "norm"}
// CHECK-NEXT: %[[Q:.*]] = intaglio.linear %[[OX]]
// CHECK-NEXT: %[[OQ:.*]] = intaglio.observe %[[Q]], %[[MASK]] {id = "query"}
// CHECK-NEXT: %[[A:.*]] = intaglio.attention %[[OQ]], %[[OQ]], %[[OX]], %[[MASK]]
// CHECK-NEXT: %[[OA:.*]] = intaglio.observe %[[A]], %[[MASK]] {id = "attention"}
// CHECK-NEXT: %[[F:.*]] = intaglio.linear %[[OA]]
// CHECK-NEXT: %[[R:.*]] = intaglio.add %[[F]], %[[OX]]
// CHECK-NEXT: %[[OR:.*]] = intaglio.observe %[[R]], %[[MASK]] {id = "sum#1"}
// CHECK-NEXT: %[[P:.*]] = intaglio.pool %[[OR]]
// CHECK-NEXT: %[[N:.*]] = intaglio.l2_normalize %[[P]]
// CHECK-NEXT: return %[[OR]], %[[N]]
func.func @main(%ids: tensor<?x?xi64>, %mask: tensor<?x?xi64>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>) {
  %table = arith.constant dense<1.0> : tensor<3x4xf32>
  %w = arith.constant dense<0.5> : tensor<4x4xf32>
  %v = arith.constant dense<0.25> : tensor<4xf32>
  %e = intaglio.embedding %table, %ids : (tensor<3x4xf32>, tensor<?x?xi64>) -> tensor<?x?x4xf32> loc("words")
  %s = intaglio.add %e, %e : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("sum")
  %x = intaglio.layer_norm %s, %v, %v {epsilon = 1.0e-12 : f64} : (tensor<?x?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("norm")
  %q = intaglio.linear %x, %w, %v : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("query")
  %a = intaglio.attention %q, %q, %x, %mask {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?xi64>) -> tensor<?x?x4xf32> loc("attention")
  %f = intaglio.linear %a, %w, %v : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("output")
  %r = intaglio.add %f, %x : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("sum")
  %p = intaglio.pool %r, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x4xf32>, tensor<?x?xi64>) -> tensor<?x4xf32> loc("pool")
  %n = intaglio.l2_normalize %p : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("unit")
  return %r, %n : tensor<?x?x4xf32>, tensor<?x4xf32>
}

// -----

// An activation from bytes to bytes becomes a table; one that is read otherwise too stays as it is.
// BYTES: func.func @main(%[[X:.*]]: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
// BYTES: %[[Y:.*]] = intaglio.linear
// BYTES-NEXT: %[[OY:.*]] = intaglio.observe %[[Y]] {id = "wide"}
// BYTES-NEXT: intaglio.gelu %[[OY]]
// BYTES: %[[Z:.*]] = intaglio.linear
// BYTES-NEXT: intaglio.silu %[[Z]]
func.func @main(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<0.5> : tensor<2x2xf32>
  %y = intaglio.linear %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32> loc("wide")
  %g = intaglio.gelu %y : (tensor<?x2xf32>) -> tensor<?x2xf32> loc("gelu")
  %z = intaglio.linear %g, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32> loc("narrow")
  %s = intaglio.silu %z : (tensor<?x2xf32>) -> tensor<?x2xf32> loc("silu")
  %l = intaglio.linear %s, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32> loc("last")
  return %l, %s : tensor<?x2xf32>, tensor<?x2xf32>
}
