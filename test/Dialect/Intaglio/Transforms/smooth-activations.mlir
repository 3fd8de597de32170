// RUN: %python %S/Inputs/statistics.py %t.json norm=-4,4,2 second=-1,1,2 only=-4,4,2 sum=-1,1,2
// RUN: intaglio-opt --intaglio-smooth-activations="statistics=%t.json alpha=0.5" %s | FileCheck %s
// RUN: intaglio-opt --intaglio-smooth-activations="statistics=%t.json alpha=0" %s | FileCheck %s --check-prefix=EVEN
// RUN: not intaglio-opt --intaglio-smooth-activations="statistics=%t.json alpha=2" %s 2>&1 | FileCheck %s --check-prefix=ALPHA
// ALPHA: error: smoothing: expects a factor in 0 ... 1
// RUN: not intaglio-opt --intaglio-smooth-activations=statistics=%t.none %s 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: {{.*}}.none
//
// The integer form of the second norm is a rescale of the first, a factor for each channel.
// RUN: intaglio-opt --intaglio-apply-calibration="statistics=%t.json" --intaglio-quantize --intaglio-integerize %s | FileCheck %s --check-prefix=INT
// INT-COUNT-2: intaglio.i_layer_norm
// INT-NOT: intaglio.i_layer_norm

// Channels up to 4, columns of the weight up to 4 and 1: 2/2 and 2/1, and with a geometric mean of 1 the factors sqrt(1/2) and sqrt(2).
// What `add` reads stays as it is.
// CHECK-DAG: %[[GAMMA:.*]] = arith.constant dense<1.000000e+00> : tensor<2xf32>
// CHECK-DAG: %[[BETA:.*]] = arith.constant dense<5.000000e-01> : tensor<2xf32>
// CHECK: %[[X:.*]] = intaglio.layer_norm %[[A:.*]], %[[GAMMA]], %[[BETA]]
// CHECK-NEXT: %[[O:.*]] = intaglio.observe %[[X]] {id = "norm"}
// CHECK-DAG: %[[G1:.*]] = arith.constant dense<[1.41421354, 0.707106769]>
// CHECK-DAG: %[[B1:.*]] = arith.constant dense<[0.707106769, 0.353553385]>
// CHECK: %[[X1:.*]] = intaglio.layer_norm %[[A]], %[[G1]], %[[B1]]
// CHECK-NEXT: %[[O1:.*]] = intaglio.observe %[[X1]] {id = "norm.smooth"}
// CHECK-NEXT: %[[W1:.*]] = arith.constant dense<{{\[\[}}2.82842708, 1.41421354], [-0.707106769, 0.707106769]]>
// CHECK-NEXT: %[[Y:.*]] = intaglio.linear %[[O1]], %[[W1]]
// CHECK-NEXT: intaglio.add %[[Y]], %[[O]]
// A norm that only linear ops read is left with one.
// CHECK: intaglio.layer_norm
// CHECK-NEXT: intaglio.observe %{{.*}} {id = "only.smooth"}
// CHECK-NOT: id = "only"

// EVEN: intaglio.observe %{{.*}} {id = "norm.smooth"}
func.func @main(%s: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %gamma = arith.constant dense<1.0> : tensor<2xf32>
  %beta = arith.constant dense<0.5> : tensor<2xf32>
  %w = arith.constant dense<[[4.0, 1.0], [-1.0, 0.5]]> : tensor<2x2xf32>
  %i = intaglio.observe %s {id = "second"} : tensor<?x2xf32>
  %x = intaglio.layer_norm %i, %gamma, %beta {epsilon = 1.0e-12 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %o = intaglio.observe %x {id = "norm"} : tensor<?x2xf32>
  %y = intaglio.linear %o, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %z = intaglio.add %y, %o : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %p = intaglio.observe %z {id = "sum"} : tensor<?x2xf32>
  %n = intaglio.layer_norm %p, %gamma, %beta {epsilon = 1.0e-12 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %q = intaglio.observe %n {id = "only"} : tensor<?x2xf32>
  %r = intaglio.linear %q, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %p, %r : tensor<?x2xf32>, tensor<?x2xf32>
}
