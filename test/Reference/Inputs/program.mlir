// Sums the embeddings of tokens that take part, in float.
module {
  func.func @main(%ids: tensor<?x?xi64> {intaglio.name = "ids", intaglio.dims = ["batch", "sequence"], intaglio.range = array<i64: 0, 3>},
                  %mask: tensor<?x?xi64> {intaglio.name = "mask", intaglio.dims = ["batch", "sequence"], intaglio.optional},
                  %x: tensor<?x2xf32> {intaglio.name = "x", intaglio.dims = ["batch", "2"]})
      -> (tensor<?x2xf32> {intaglio.name = "y"}, tensor<?x?xi64> {intaglio.name = "same"})
      attributes {intaglio.max_dims = {sequence = 4 : i64}} {
    %table = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [-5.0, 6.0], [7.0, -8.0]]> : tensor<4x2xf32>
    %e = intaglio.embedding %table, %ids : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
    %p = intaglio.pool %e, %mask {kind = #intaglio.pool_kind<max>} : (tensor<?x?x2xf32>, tensor<?x?xi64>) -> tensor<?x2xf32>
    %y = call @plus(%p, %x) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    return %y, %ids : tensor<?x2xf32>, tensor<?x?xi64>
  }
  func.func private @plus(%a: tensor<?x2xf32>, %b: tensor<?x2xf32>) -> tensor<?x2xf32> {
    %0 = intaglio.add %a, %b : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    return %0 : tensor<?x2xf32>
  }
}
