// A whole encoder layer from float to integers, phase by phase. The extremes give scales that can be read.
//
// RUN: %python %S/Inputs/statistics.py %t.json sum=-63.998,63.998 norm=-8,7.9375 query=-12.7,12.7 key=-6.35,6.35 \
// RUN:   attention=-8,7.9375 residual=-127.998,127.998 "residual#1=-31.9,31.9" gelu=-0.5,15.4375 last=-15.9997,15.9997
// RUN: intaglio-opt --intaglio-insert-observers --intaglio-apply-calibration="statistics=%t.json observer=minmax headroom=1" \
// RUN:   --intaglio-verify-calibrated %s -o %t.fake.mlir
// RUN: FileCheck %s --check-prefix=FAKE < %t.fake.mlir
// RUN: intaglio-opt --intaglio-quantize %t.fake.mlir -o %t.quantized.mlir
// RUN: FileCheck %s --check-prefix=QUANT < %t.quantized.mlir
// RUN: intaglio-opt --intaglio-integerize %t.quantized.mlir -o %t.integer.mlir
// RUN: FileCheck %s --check-prefix=INT < %t.integer.mlir
// RUN: intaglio-opt --intaglio-integerize=nonlinear=ibert %t.quantized.mlir | FileCheck %s --check-prefix=IBERT
// RUN: intaglio-opt --intaglio-lower-cpu %t.integer.mlir | FileCheck %s --check-prefix=LLVM

// FAKE: %[[S:.*]] = intaglio.add
// FAKE-NEXT: %[[S16:.*]] = intaglio.fake_quant %[[S]] as !quant.uniform<i16:f32,
// FAKE-NEXT: %[[X:.*]] = intaglio.layer_norm %[[S16]]
// FAKE-NEXT: %[[X16:.*]] = intaglio.fake_quant %[[X]] as !quant.uniform<i16:f32,
// FAKE-NEXT: %[[X8:.*]] = intaglio.fake_quant %[[X16]] as !quant.uniform<i8<-127:127>:f32, 0.0629
// FAKE-NEXT: %[[W:.*]] = intaglio.fake_quant %{{.*}} as !quant.uniform<i8<-127:127>:f32:0, {0.0078{{.*}},0.0039
// FAKE-NEXT: %[[Q:.*]] = intaglio.linear %[[X8]], %[[W]]
// FAKE-NEXT: %[[Q8:.*]] = intaglio.fake_quant %[[Q]] as !quant.uniform<i8<-127:127>:f32, 0.1
// FAKE: intaglio.attention %[[Q8]], %{{.*}}, %[[X8]]
// FAKE: %[[F:.*]] = intaglio.linear
// FAKE-NEXT: %[[R:.*]] = intaglio.add %[[F]], %[[X16]]

// QUANT: %[[X:.*]] = intaglio.layer_norm %{{.*}} -> tensor<?x?x4x!quant.uniform<i16:f32,
// QUANT-NEXT: %[[X8:.*]] = intaglio.requantize %[[X]] {{.*}} -> tensor<?x?x4x!quant.uniform<i8<-127:127>:f32,
// QUANT: %[[W:.*]] = quant.scast %{{.*}} : tensor<4x4xi8> to
// QUANT: %[[Q:.*]] = intaglio.linear %[[X8]], %[[W]], %{{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32:2, {
// QUANT: intaglio.add %{{.*}}, %[[X]]
// QUANT: %[[G:.*]] = intaglio.gelu %{{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 2.44140625E-4>>
// QUANT: %[[N:.*]] = intaglio.l2_normalize
// QUANT-NOT: fake_quant
// QUANT: intaglio.dequantize %[[N]]

// INT-LABEL: func.func @main(
// INT-SAME: attributes {intaglio.max_dims = {sequence = 65536 : i64}}
// INT-NEXT: %[[CALL:.*]]:2 = call @main_integer(
// INT-NEXT: intaglio.dequantize %[[CALL]]#0 {quantized = !quant.uniform<i16:f32,
// INT-NEXT: intaglio.dequantize %[[CALL]]#1 {quantized = !quant.uniform<i32:f32, 5.9604644775390625E-8>}
// INT-LABEL: func.func private @main_integer(
// INT-NOT: f32
// INT: intaglio.i_embedding
// INT: intaglio.i_add
// INT: %[[X:.*]] = intaglio.i_layer_norm {{.*}} -> tensor<?x?x4xi16>
// INT: intaglio.rescale %[[X]], {{.*}}max = 127 : i64, min = -127 : i64, output_zp = 0
// INT: %[[Q:.*]] = intaglio.linear {{.*}} -> tensor<?x?x4xi32>
// INT: intaglio.rescale %[[Q]], {{.*}} tensor<4xi32>) -> tensor<?x?x4xi8>
// INT: intaglio.i_attention
// INT: intaglio.i_add {{.*}}fraction = 8
// INT: intaglio.rescale {{.*}}max = 32767 : i64, min = -32768 : i64, {{.*}} -> tensor<?x?x4xi16>
// INT: intaglio.i_gelu {{.*}}{fraction = 11 : i64} : (tensor<?x?x4xi16>) -> tensor<?x?x4xi16>
// INT: intaglio.rescale {{.*}} : (tensor<?x?x4xi16>, tensor<1xi16>) -> tensor<?x?x4xi8>
// INT: intaglio.i_pool
// INT: intaglio.i_l2_normalize
// INT-NOT: f32

// IBERT: intaglio.ibert_layer_norm
// IBERT: intaglio.ibert_attention
// IBERT: intaglio.ibert_gelu

// LLVM: llvm.func @intaglio_model_forward(
func.func @main(%ids: tensor<?x?xi64> {intaglio.range = array<i64: 0, 2>}, %mask: tensor<?x?xi64>) -> (tensor<?x?x4xf32>, tensor<?x4xf32>) {
  %table = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [-1.0, -2.0, -3.0, -4.0], [0.5, 0.25, 0.125, 0.0]]> : tensor<3x4xf32>
  %w = arith.constant dense<[[1.0, 0.5, 0.25, 0.0], [0.0, 0.5, -0.5, 0.25], [0.1, 0.2, 0.3, 0.4], [-0.4, 0.3, -0.2, 0.1]]> : tensor<4x4xf32>
  %b = arith.constant dense<[0.0, 0.1, -0.1, 0.2]> : tensor<4xf32>
  %one = arith.constant dense<1.0> : tensor<4xf32>
  %e = intaglio.embedding %table, %ids : (tensor<3x4xf32>, tensor<?x?xi64>) -> tensor<?x?x4xf32> loc("words")
  %s = intaglio.add %e, %e : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("sum")
  %x = intaglio.layer_norm %s, %one, %b {epsilon = 1.0e-12 : f64} : (tensor<?x?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("norm")
  %q = intaglio.linear %x, %w, %b : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("query")
  %k = intaglio.linear %x, %w : (tensor<?x?x4xf32>, tensor<4x4xf32>) -> tensor<?x?x4xf32> loc("key")
  %a = intaglio.attention %q, %k, %x, %mask {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?xi64>) -> tensor<?x?x4xf32> loc("attention")
  %f = intaglio.linear %a, %w, %b : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("output")
  %r = intaglio.add %f, %x : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("residual")
  %h = intaglio.layer_norm %r, %one, %b {epsilon = 1.0e-12 : f64} : (tensor<?x?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("last")
  %i = intaglio.linear %h, %w, %b : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("wide")
  %g = intaglio.gelu %i : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("gelu")
  %j = intaglio.linear %g, %w, %b : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("narrow")
  %y = intaglio.add %j, %h : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("residual")
  %p = intaglio.pool %y, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x4xf32>, tensor<?x?xi64>) -> tensor<?x4xf32> loc("pool")
  %n = intaglio.l2_normalize %p : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("unit")
  return %y, %n : tensor<?x?x4xf32>, tensor<?x4xf32>
}
