// RUN: intaglio-opt --intaglio-lower-cpu %s | FileCheck %s

// A float encoder layer comes out as the two entries and internal kernels.
// CHECK-DAG: llvm.func @intaglio_barrier(!llvm.ptr)
// CHECK-DAG: llvm.func @intaglio_model_arena_bytes(%{{.*}}: !llvm.ptr, %{{.*}}: i32) -> i64
// CHECK-DAG: llvm.func @intaglio_model_forward(
// CHECK-DAG: llvm.func internal @linear_0(
// CHECK-DAG: llvm.func internal @attention_0(
// CHECK-NOT: llvm.func @malloc
// CHECK-NOT: unrealized_conversion_cast
module {
  func.func @main(%ids: tensor<?x?xi64> {intaglio.name = "input_ids", intaglio.dims = ["batch", "sequence"], intaglio.range = array<i64: 0, 15>},
                  %mask: tensor<?x?xi64> {intaglio.name = "attention_mask", intaglio.dims = ["batch", "sequence"]})
      -> (tensor<?x?x8xf32> {intaglio.name = "last_hidden_state"}, tensor<?x8xf32> {intaglio.name = "sentence_embedding"})
      attributes {intaglio.max_dims = {sequence = 4 : i64}} {
    %words = arith.constant dense<0.125> : tensor<16x8xf32>
    %positions = arith.constant dense<[[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], [0.1, 0.2, 0.1, 0.2, 0.1, 0.3, 0.1, 0.2], [0.5, 0.1, 0.5, 0.2, 0.5, 0.3, 0.5, 0.4]]> : tensor<4x8xf32>
    %w = arith.constant dense<[[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], [0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1], [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], [0.3, 0.3, 0.3, -0.3, -0.3, -0.3, 0.1, 0.2], [0.5, 0.4, 0.3, 0.2, 0.1, 0.0, -0.1, -0.2], [0.9, -0.9, 0.8, -0.8, 0.7, -0.7, 0.6, -0.6]]> : tensor<8x8xf32>
    %b = arith.constant dense<0.25> : tensor<8xf32>
    %one = arith.constant dense<1.0> : tensor<8xf32>
    %p = intaglio.position_ids %ids : tensor<?x?xi64>
    %e0 = intaglio.embedding %words, %ids : (tensor<16x8xf32>, tensor<?x?xi64>) -> tensor<?x?x8xf32>
    %e1 = intaglio.embedding %positions, %p : (tensor<4x8xf32>, tensor<?x?xi64>) -> tensor<?x?x8xf32>
    %e2 = intaglio.add %e0, %e1 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
    %x = intaglio.layer_norm %e2, %one, %b {epsilon = 1.0e-12 : f64} : (tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    %q = intaglio.linear %x, %w, %b : (tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    %k = intaglio.linear %x, %w, %one : (tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    %a = intaglio.attention %q, %k, %x, %mask {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?xi64>) -> tensor<?x?x8xf32>
    %o = intaglio.linear %a, %w, %b : (tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    %s = intaglio.add %o, %x : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
    %f = intaglio.linear %s, %w, %b : (tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    %g = intaglio.gelu %f {approximate = #intaglio.gelu_form<none>} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
    %y = intaglio.layer_norm %g, %one, %b {epsilon = 1.0e-12 : f64} : (tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    %pool = intaglio.pool %y, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x8xf32>, tensor<?x?xi64>) -> tensor<?x8xf32>
    %n = intaglio.l2_normalize %pool : (tensor<?x8xf32>) -> tensor<?x8xf32>
    return %y, %n : tensor<?x?x8xf32>, tensor<?x8xf32>
  }
}
