func.func @off_by_one() {
  %x = check.input dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8> -> tensor<?x3xi8>
  %y = intaglio.i_mul %x, %x {lhs_zp = 0 : i64, rhs_zp = 0 : i64} : (tensor<?x3xi8>, tensor<?x3xi8>) -> tensor<?x3xi32>
  check.expect_eq %y, dense<[[1, 4, 9], [16, 25, 37]]> : tensor<2x3xi32> : tensor<?x3xi32>
  return
}

func.func @right() {
  %x = check.input dense<[[0.5]]> : tensor<1x1xf32> -> tensor<?x1xf32>
  %y = intaglio.mul %x, %x : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  check.expect_close %y, dense<[[0.26]]> : tensor<1x1xf32> {tolerance = 0.02 : f64} : tensor<?x1xf32>
  return
}

func.func @too_far() {
  %x = check.input dense<[[0.5]]> : tensor<1x1xf32> -> tensor<?x1xf32>
  %y = intaglio.mul %x, %x : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  check.expect_close %y, dense<[[0.26]]> : tensor<1x1xf32> {tolerance = 0.001 : f64} : tensor<?x1xf32>
  return
}
