// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// intaglio.i_mul: (lhs - lhs_zp) * (rhs - rhs_zp).

func.func @bytes() {
  %l = check.input dense<[[-128, -128, 127, 0, 5]]> : tensor<1x5xi8> -> tensor<?x5xi8>
  %r = check.input dense<[[-128, 127, 127, 99, -3]]> : tensor<1x5xi8> -> tensor<?x5xi8>
  %y = intaglio.i_mul %l, %r {lhs_zp = 0 : i64, rhs_zp = 0 : i64}
    : (tensor<?x5xi8>, tensor<?x5xi8>) -> tensor<?x5xi32>
  check.expect_eq %y, dense<[[16384, -16256, 16129, 0, -15]]> : tensor<1x5xi32> : tensor<?x5xi32>
  return
}

func.func @zero_points() {
  %l = check.input dense<[[-128, 127, 0]]> : tensor<1x3xi8> -> tensor<?x3xi8>
  %r = check.input dense<[[127, -128, -128]]> : tensor<1x3xi8> -> tensor<?x3xi8>
  %y = intaglio.i_mul %l, %r {lhs_zp = 127 : i64, rhs_zp = -128 : i64}
    : (tensor<?x3xi8>, tensor<?x3xi8>) -> tensor<?x3xi32>
  check.expect_eq %y, dense<[[-65025, 0, 0]]> : tensor<1x3xi32> : tensor<?x3xi32>
  return
}

func.func @words() {
  %l = check.input dense<[[-32768, -32768, 32767]]> : tensor<1x3xi16> -> tensor<?x3xi16>
  %r = check.input dense<[[32767, -32768, 32767]]> : tensor<1x3xi16> -> tensor<?x3xi16>
  %y = intaglio.i_mul %l, %r {lhs_zp = 0 : i64, rhs_zp = 0 : i64}
    : (tensor<?x3xi16>, tensor<?x3xi16>) -> tensor<?x3xi32>
  check.expect_eq %y, dense<[[-1073709056, 1073741824, 1073676289]]> : tensor<1x3xi32> : tensor<?x3xi32>
  return
}

func.func @byte_and_word() {
  %l = check.input dense<[[-128, 127, 3]]> : tensor<1x3xi8> -> tensor<?x3xi8>
  %r = check.input dense<[[-32768, 32767, -7]]> : tensor<1x3xi16> -> tensor<?x3xi16>
  %y = intaglio.i_mul %l, %r {lhs_zp = -5 : i64, rhs_zp = 9 : i64}
    : (tensor<?x3xi8>, tensor<?x3xi16>) -> tensor<?x3xi32>
  check.expect_eq %y, dense<[[4031571, 4324056, -128]]> : tensor<1x3xi32> : tensor<?x3xi32>
  return
}
