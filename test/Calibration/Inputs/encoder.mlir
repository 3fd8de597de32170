// A small encoder for the tests of calibration: relu's last channel never fires.
func.func @main(%ids: tensor<?x?xi64> {intaglio.name = "input_ids", intaglio.dims = ["batch", "sequence"], intaglio.range = array<i64: 0, 15>},
                %mask: tensor<?x?xi64> {intaglio.name = "attention_mask", intaglio.dims = ["batch", "sequence"]})
    -> (tensor<?x?x4xf32> {intaglio.name = "last_hidden_state"}, tensor<?x4xf32> {intaglio.name = "sentence_embedding"})
    attributes {intaglio.max_dims = {sequence = 6 : i64}} {
  %words = arith.constant dense<[[-1.048, 0.177, -0.520, 0.416], [0.503, -1.738, -1.947, 1.350], [-0.963, -1.063, 1.983, -0.119], [1.346, -0.095, 0.556, -1.398], [0.539, 1.472, 0.093, 0.965], [0.686, -1.744, 1.033, 0.364], [-0.795, -1.876, 1.462, -0.109], [0.875, 1.515, 0.857, 1.684], [-0.420, 1.204, -0.222, 1.742], [1.515, -1.610, -1.456, -1.132], [1.862, -0.255, 0.507, -0.796], [0.029, -0.457, -0.596, 0.340], [0.337, 1.617, 0.728, 1.716], [1.426, 1.964, 0.685, -1.348], [1.443, 1.859, 1.619, 0.276], [0.855, -1.156, 1.326, 0.294]]> : tensor<16x4xf32>
  %w = arith.constant dense<[[-0.430, -0.873, 0.708, 0.980], [-0.823, 0.601, -0.179, -0.698], [-0.412, 0.538, 0.746, -0.912], [0.229, -0.910, 0.437, -0.338]]> : tensor<4x4xf32>
  %wide = arith.constant dense<[[0.5, -0.5, 0.5, 1.0], [1.0, 0.25, -1.0, 0.5], [0.0, 0.0, 0.0, 0.0]]> : tensor<3x4xf32>
  %narrow = arith.constant dense<[[0.762, 0.961, 0.011], [0.997, -0.381, -0.846], [0.200, -0.937, -0.605], [-0.184, 0.221, -0.688]]> : tensor<4x3xf32>
  %b = arith.constant dense<[0.0, 0.1, -0.1, 0.2]> : tensor<4xf32>
  %one = arith.constant dense<1.0> : tensor<4xf32>
  %e = intaglio.embedding %words, %ids : (tensor<16x4xf32>, tensor<?x?xi64>) -> tensor<?x?x4xf32> loc("words")
  %x = intaglio.layer_norm %e, %one, %b {epsilon = 1.0e-12 : f64} : (tensor<?x?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("norm")
  %q = intaglio.linear %x, %w, %b : (tensor<?x?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("query")
  %a = intaglio.attention %q, %q, %x, %mask {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?xi64>) -> tensor<?x?x4xf32> loc("attention")
  %r = intaglio.add %a, %x : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32> loc("residual")
  %f = intaglio.linear %r, %wide : (tensor<?x?x4xf32>, tensor<3x4xf32>) -> tensor<?x?x3xf32> loc("wide")
  %g = intaglio.relu %f : (tensor<?x?x3xf32>) -> tensor<?x?x3xf32> loc("relu")
  %h = intaglio.linear %g, %narrow, %b : (tensor<?x?x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("narrow")
  %y = intaglio.layer_norm %h, %one, %b {epsilon = 1.0e-12 : f64} : (tensor<?x?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x?x4xf32> loc("last")
  %p = intaglio.pool %y, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x4xf32>, tensor<?x?xi64>) -> tensor<?x4xf32> loc("pool")
  return %y, %p : tensor<?x?x4xf32>, tensor<?x4xf32>
}
