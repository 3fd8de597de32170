// RUN: intaglio-opt --intaglio-lower-cpu=integer-boundary %s | FileCheck %s

// Nothing float but bit patterns that are loaded and stored.
// CHECK-LABEL: llvm.func internal @intaglio_boundary_quantize_0(
// CHECK: llvm.load {{.*}} -> f32
// CHECK-NEXT: llvm.bitcast {{.*}} : f32 to i32
// CHECK-NOT: {{: f32|: f64}}
// CHECK: llvm.udiv
// CHECK-NOT: {{: f32|: f64}}
// CHECK: llvm.return
// CHECK-LABEL: llvm.func internal @intaglio_boundary_dequantize_0(
// CHECK-NOT: {{: f32|: f64}}
// CHECK: llvm.intr.ctlz
// CHECK-NOT: {{: f32|: f64}}
// CHECK: %[[Y:.*]] = llvm.bitcast {{.*}} : i32 to f32
// CHECK-NEXT: llvm.getelementptr
// CHECK-NEXT: llvm.store %[[Y]]
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %q = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 5.000000e-02:3>} : tensor<?x4xf32> -> tensor<?x4xi8>
  %y = intaglio.dequantize %q {quantized = !quant.uniform<i8:f32, 5.000000e-02:3>} : tensor<?x4xi8> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
