// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// Graph ops on f32. The values are those of the formulas in double precision; compiled code rounds more often.

func.func @gelu_form_none() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.gelu %x {approximate = #intaglio.gelu_form<none>} : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[-5.507248e-88, -0.004049694, -0.1586553, -0.1542688, 0.0], [0.3457312, 0.8413447, 2.99595, 8.0, 20.0]]> : tensor<2x5xf32> {tolerance = 2.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @gelu_form_tanh() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.gelu %x {approximate = #intaglio.gelu_form<tanh>} : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[-0.0, -0.003637392, -0.158808, -0.154286, 0.0], [0.345714, 0.841192, 2.996363, 8.0, 20.0]]> : tensor<2x5xf32> {tolerance = 2.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @gelu_form_quick() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.gelu %x {approximate = #intaglio.gelu_form<quick>} : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[-3.29341e-14, -0.01807131, -0.1542042, -0.1496116, 0.0], [0.3503884, 0.8457958, 2.981929, 7.99999, 20.0]]> : tensor<2x5xf32> {tolerance = 4.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @silu() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.silu %x : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[-4.122307e-08, -0.1422776, -0.2689414, -0.1887703, 0.0], [0.3112297, 0.7310586, 2.857722, 7.997317, 20.0]]> : tensor<2x5xf32> {tolerance = 4.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @sigmoid() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.sigmoid %x : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[2.061154e-09, 0.04742587, 0.2689414, 0.3775407, 0.5], [0.6224593, 0.7310586, 0.9525741, 0.9996646, 1.0]]> : tensor<2x5xf32> {tolerance = 1.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @tanh() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.tanh %x : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[-1.0, -0.9950548, -0.7615942, -0.4621172, 0.0], [0.4621172, 0.7615942, 0.9950548, 0.9999998, 1.0]]> : tensor<2x5xf32> {tolerance = 1.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @relu() {
  %x = check.input dense<[[-20.0, -3.0, -1.0, -0.5, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> -> tensor<?x5xf32>
  %y = intaglio.relu %x : (tensor<?x5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[0.0, 0.0, 0.0, 0.0, 0.0], [0.5, 1.0, 3.0, 8.0, 20.0]]> : tensor<2x5xf32> {tolerance = 0.0 : f64} : tensor<?x5xf32>
  return
}

func.func @add() {
  %a = check.input dense<[[[0.03, 1.36, 1.22], [-0.51, -0.3, -0.53], [0.57, -0.06, 0.75]], [[-1.85, 1.57, -0.1], [0.68, -0.14, -0.38], [0.46, 0.82, -0.2]]]> : tensor<2x3x3xf32> -> tensor<?x?x3xf32>
  %b = check.input dense<[[[-0.15, 0.69, -0.87], [-1.51, 0.39, -0.67], [-1.92, -0.81, -0.47]], [[-1.19, -1.49, 0.04], [0.9, -0.23, -0.74], [0.38, 0.72, -0.3]]]> : tensor<2x3x3xf32> -> tensor<?x?x3xf32>
  %y = intaglio.add %a, %b : (tensor<?x?x3xf32>, tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
  check.expect_close %y, dense<[[[-0.12, 2.05, 0.35], [-2.02, 0.09, -1.2], [-1.35, -0.87, 0.28]], [[-3.04, 0.08, -0.06], [1.58, -0.37, -1.12], [0.84, 1.54, -0.5]]]> : tensor<2x3x3xf32> {tolerance = 1.0e-06 : f64} : tensor<?x?x3xf32>
  return
}

func.func @mul() {
  %a = check.input dense<[[[0.03, 1.36, 1.22], [-0.51, -0.3, -0.53], [0.57, -0.06, 0.75]], [[-1.85, 1.57, -0.1], [0.68, -0.14, -0.38], [0.46, 0.82, -0.2]]]> : tensor<2x3x3xf32> -> tensor<?x?x3xf32>
  %b = check.input dense<[[[-0.15, 0.69, -0.87], [-1.51, 0.39, -0.67], [-1.92, -0.81, -0.47]], [[-1.19, -1.49, 0.04], [0.9, -0.23, -0.74], [0.38, 0.72, -0.3]]]> : tensor<2x3x3xf32> -> tensor<?x?x3xf32>
  %y = intaglio.mul %a, %b : (tensor<?x?x3xf32>, tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
  check.expect_close %y, dense<[[[-0.0045, 0.9384, -1.0614], [0.7701, -0.117, 0.3551], [-1.0944, 0.0486, -0.3525]], [[2.2015, -2.3393, -0.004], [0.612, 0.0322, 0.2812], [0.1748, 0.5904, 0.06]]]> : tensor<2x3x3xf32> {tolerance = 1.0e-06 : f64} : tensor<?x?x3xf32>
  return
}

func.func @linear() {
  %x = check.input dense<[[[0.03, 1.36, 1.22], [-0.51, -0.3, -0.53], [0.57, -0.06, 0.75]], [[-1.85, 1.57, -0.1], [0.68, -0.14, -0.38], [0.46, 0.82, -0.2]]]> : tensor<2x3x3xf32> -> tensor<?x?x3xf32>
  %w = arith.constant dense<[[0.54, 1.04, -0.21], [-0.81, 0.35, 0.25], [1.1, -1.28, -0.66], [-0.84, -1.73, 0.13]]> : tensor<4x3xf32>
  %b = arith.constant dense<[0.53, -0.74, 1.39, 0.82]> : tensor<4xf32>
  %y = intaglio.linear %x, %w, %b : (tensor<?x?x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<?x?x4xf32>
  check.expect_close %y, dense<[[[1.7044, 0.0167, -1.123, -1.3994], [0.0539, -0.5644, 1.5628, 1.6985], [0.6179, -1.0352, 1.5988, 0.5425]], [[1.1848, 1.283, -2.5886, -0.3551], [0.8314, -1.4348, 2.568, 0.4416], [1.6732, -0.8756, 0.9784, -1.011]]]> : tensor<2x3x4xf32> {tolerance = 2.0e-06 : f64} : tensor<?x?x4xf32>
  return
}

func.func @linear_without_bias() {
  %x = check.input dense<[[0.03, 1.36, 1.22], [-0.51, -0.3, -0.53], [0.57, -0.06, 0.75]]> : tensor<3x3xf32> -> tensor<?x3xf32>
  %w = arith.constant dense<[[0.54, 1.04, -0.21], [-0.81, 0.35, 0.25], [1.1, -1.28, -0.66], [-0.84, -1.73, 0.13]]> : tensor<4x3xf32>
  %y = intaglio.linear %x, %w : (tensor<?x3xf32>, tensor<4x3xf32>) -> tensor<?x4xf32>
  check.expect_close %y, dense<[[1.1744, 0.7567, -2.513, -2.2194], [-0.4761, 0.1756, 0.1728, 0.8785], [0.0879, -0.2952, 0.2088, -0.2775]]> : tensor<3x4xf32> {tolerance = 2.0e-06 : f64} : tensor<?x4xf32>
  return
}

func.func @matmul_transposed() {
  %a = check.input dense<[[[0.63, 0.4, 0.96, -1.33], [0.61, 0.6, -1.77, 0.35], [-0.25, 0.78, -0.44, -0.02]], [[0.34, -0.88, 0.6, -0.1], [0.49, -0.52, 1.09, 0.61], [-0.18, 0.63, 1.26, 1.79]]]> : tensor<2x3x4xf32> -> tensor<?x?x4xf32>
  %b = check.input dense<[[[-1.57, 0.88, 0.47, -0.09], [-1.01, 1.26, -1.26, 0.57], [1.3, -1.6, -0.3, -1.31], [0.24, 1.51, 2.02, -1.78], [-0.57, 0.7, 1.58, 0.42]], [[-0.75, 0.3, -0.02, -0.2], [-0.73, 0.39, 0.31, -0.09], [-0.22, -1.28, -0.49, 1.21], [-0.19, -1.44, 1.33, 0.53], [2.11, 0.06, -0.46, -1.45]]]> : tensor<2x5x4xf32> -> tensor<?x?x4xf32>
  %y = intaglio.matmul %a, %b {transpose_rhs} : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x?xf32>
  check.expect_close %y, dense<[[[-0.0662, -2.1, 1.6333, 5.0618, 0.8791], [-1.2931, 2.5696, -0.0945, -3.146, -2.5773], [0.8739, 1.7783, -1.4148, 0.2646, -0.0151]], [[-0.511, -0.3964, 0.6366, 1.9476, 0.5336], [-0.6673, -0.2775, 0.7618, 2.4287, -0.3832], [-0.0592, 0.6066, 0.7817, 1.7515, -3.5171]]]> : tensor<2x3x5xf32> {tolerance = 2.0e-06 : f64} : tensor<?x?x?xf32>
  return
}

func.func @matmul() {
  %a = check.input dense<[[[0.63, 0.4, 0.96, -1.33], [0.61, 0.6, -1.77, 0.35], [-0.25, 0.78, -0.44, -0.02]], [[0.34, -0.88, 0.6, -0.1], [0.49, -0.52, 1.09, 0.61], [-0.18, 0.63, 1.26, 1.79]]]> : tensor<2x3x4xf32> -> tensor<?x?x4xf32>
  %b = check.input dense<[[[-1.57, -1.01, 1.3, 0.24, -0.57], [0.88, 1.26, -1.6, 1.51, 0.7], [0.47, -1.26, -0.3, 2.02, 1.58], [-0.09, 0.57, -1.31, -1.78, 0.42]], [[-0.75, -0.73, -0.22, -0.19, 2.11], [0.3, 0.39, -1.28, -1.44, 0.06], [-0.02, 0.31, -0.49, 1.33, -0.46], [-0.2, -0.09, 1.21, 0.53, -1.45]]]> : tensor<2x4x5xf32> -> tensor<?x4x?xf32>
  %y = intaglio.matmul %a, %b : (tensor<?x?x4xf32>, tensor<?x4x?xf32>) -> tensor<?x?x?xf32>
  check.expect_close %y, dense<[[[-0.0662, -2.1, 1.6333, 5.0618, 0.8791], [-1.2931, 2.5696, -0.0945, -3.146, -2.5773], [0.8739, 1.7783, -1.4148, 0.2646, -0.0151]], [[-0.511, -0.3964, 0.6366, 1.9476, 0.5336], [-0.6673, -0.2775, 0.7618, 2.4287, -0.3832], [-0.0592, 0.6066, 0.7817, 1.7515, -3.5171]]]> : tensor<2x3x5xf32> {tolerance = 2.0e-06 : f64} : tensor<?x?x?xf32>
  return
}

// Large operands do not overflow.
func.func @softmax() {
  %x = check.input dense<[[0.0, 1.0, -1.0], [1000.0, 999.0, 0.0], [-80.0, -80.0, -80.0]]> : tensor<3x3xf32> -> tensor<?x3xf32>
  %y = intaglio.softmax %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  check.expect_close %y, dense<[[0.2447285, 0.665241, 0.09003057], [0.7310586, 0.2689414, 0.0], [0.3333333, 0.3333333, 0.3333333]]> : tensor<3x3xf32> {tolerance = 1.0e-06 : f64} : tensor<?x3xf32>
  return
}

// A constant row gives beta.
func.func @layer_norm() {
  %x = check.input dense<[[1.32, 2.57, -0.82, -0.65, 0.6], [-0.83, -0.27, -0.35, 0.19, 1.09], [2.5, 2.5, 2.5, 2.5, 2.5]]> : tensor<3x5xf32> -> tensor<?x5xf32>
  %g = arith.constant dense<[-1.45, 0.8, -0.59, 0.58, 0.54]> : tensor<5xf32>
  %b = arith.constant dense<[1.32, 0.81, 1.02, -0.11, -0.7]> : tensor<5xf32>
  %y = intaglio.layer_norm %x, %g, %b {epsilon = 1.0e-12 : f64} : (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[0.4981061, 2.055111, 1.685115, -0.6857849, -0.70171], [3.099817, 0.5188638, 1.307497, 0.09034121, 0.2359537], [1.32, 0.81, 1.02, -0.11, -0.7]]> : tensor<3x5xf32> {tolerance = 4.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @layer_norm_epsilon() {
  %x = check.input dense<[[1.32, 2.57, -0.82, -0.65, 0.6], [-0.83, -0.27, -0.35, 0.19, 1.09], [2.5, 2.5, 2.5, 2.5, 2.5]]> : tensor<3x5xf32> -> tensor<?x5xf32>
  %g = arith.constant dense<[-1.45, 0.8, -0.59, 0.58, 0.54]> : tensor<5xf32>
  %b = arith.constant dense<[1.32, 0.81, 1.02, -0.11, -0.7]> : tensor<5xf32>
  %y = intaglio.layer_norm %x, %g, %b {epsilon = 1.0 : f64} : (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[0.6755932, 1.786231, 1.541484, -0.5614448, -0.7013407], [2.288398, 0.6515929, 1.176427, -0.0009944359, -0.190748], [1.32, 0.81, 1.02, -0.11, -0.7]]> : tensor<3x5xf32> {tolerance = 2.0e-06 : f64} : tensor<?x5xf32>
  return
}

func.func @rms_norm() {
  %x = check.input dense<[[1.32, 2.57, -0.82, -0.65, 0.6], [-0.83, -0.27, -0.35, 0.19, 1.09], [2.5, 2.5, 2.5, 2.5, 2.5]]> : tensor<3x5xf32> -> tensor<?x5xf32>
  %g = arith.constant dense<[-1.45, 0.8, -0.59, 0.58, 0.54]> : tensor<5xf32>
  %y = intaglio.rms_norm %x, %g {epsilon = 1.0e-6 : f64} : (tensor<?x5xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  check.expect_close %y, dense<[[-1.366989, 1.468406, 0.3455326, -0.2692554, 0.2314025], [1.853292, -0.3326224, 0.3179931, 0.169699, 0.9063959], [-1.45, 0.7999999, -0.59, 0.58, 0.54]]> : tensor<3x5xf32> {tolerance = 4.0e-06 : f64} : tensor<?x5xf32>
  return
}

// A row of zeros stays zero.
func.func @l2_normalize() {
  %x = check.input dense<[[3.0, 4.0], [0.0, 0.0], [-1.0, 1.0]]> : tensor<3x2xf32> -> tensor<?x2xf32>
  %y = intaglio.l2_normalize %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  check.expect_close %y, dense<[[0.6, 0.8], [0.0, 0.0], [-0.7071068, 0.7071068]]> : tensor<3x2xf32> {tolerance = 1.0e-06 : f64} : tensor<?x2xf32>
  return
}

// A scalar is a row of one.
func.func @scalars() attributes {check.reference_only} {
  %x = check.input dense<-3.0> : tensor<f32> -> tensor<f32>
  %g = arith.constant dense<2.0> : tensor<1xf32>
  %s = intaglio.softmax %x : (tensor<f32>) -> tensor<f32>
  %n = intaglio.rms_norm %x, %g {epsilon = 0.0 : f64} : (tensor<f32>, tensor<1xf32>) -> tensor<f32>
  check.expect_eq %s, dense<1.0> : tensor<f32> : tensor<f32>
  check.expect_eq %n, dense<-2.0> : tensor<f32> : tensor<f32>
  return
}
