// Two named layers without an activation: test/Tools/Inputs/report_noise.py follows them in NumPy.
module {
  func.func @main(%x: tensor<?x8xf32> {intaglio.name = "x", intaglio.dims = ["batch"]})
      -> (tensor<?x4xf32> {intaglio.name = "y"}) {
    %w = arith.constant dense<[[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], [0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1], [0.9, -0.9, 0.8, -0.8, 0.7, -0.7, 0.6, -0.6]]> : tensor<4x8xf32>
    %b = arith.constant dense<0.25> : tensor<4xf32>
    %0 = intaglio.relu %x : (tensor<?x8xf32>) -> tensor<?x8xf32> loc("first")
    %1 = intaglio.linear %0, %w, %b : (tensor<?x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("second")
    return %1 : tensor<?x4xf32>
  }
}
