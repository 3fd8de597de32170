// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// Integer ops that see whole sequences: embedding, rope, pool, position ids.

func.func @embedding_words() {
  %ids = check.input dense<[[0, 1, 2], [3, 3, 1]]> : tensor<2x3xi64> -> tensor<?x?xi64>
  %t = arith.constant dense<[[1, -2, 3], [127, -127, 0], [-128, 5, 9], [10, 20, 30]]> : tensor<4x3xi8>
  %m = arith.constant dense<[1200000000, 1073741824, 2147483647, -1300000000]> : tensor<4xi32>
  %y = intaglio.i_embedding %t, %m, %ids {shift = 24 : i64, output_zp = 0 : i64}
    : (tensor<4x3xi8>, tensor<4xi32>, tensor<?x?xi64>) -> tensor<?x?x3xi16>
  check.expect_eq %y, dense<[[[72, -143, 215], [8128, -8128, 0], [-16384, 640, 1152]], [[-775, -1550, -2325], [-775, -1550, -2325], [8128, -8128, 0]]]> : tensor<2x3x3xi16> : tensor<?x?x3xi16>
  return
}

// Saturated, with a zero point.
func.func @embedding_bytes() {
  %ids = check.input dense<[[0, 1, 2], [3, 3, 1]]> : tensor<2x3xi64> -> tensor<?x?xi64>
  %t = arith.constant dense<[[1, -2, 3], [127, -127, 0], [-128, 5, 9], [10, 20, 30]]> : tensor<4x3xi8>
  %m = arith.constant dense<[1200000000, 1073741824, 2147483647, -1300000000]> : tensor<4xi32>
  %y = intaglio.i_embedding %t, %m, %ids {shift = 29 : i64, output_zp = -100 : i64}
    : (tensor<4x3xi8>, tensor<4xi32>, tensor<?x?xi64>) -> tensor<?x?x3xi8>
  check.expect_eq %y, dense<[[[-98, -104, -93], [127, -128, -100], [-128, -80, -64]], [[-124, -128, -128], [-124, -128, -128], [127, -128, -100]]]> : tensor<2x3x3xi8> : tensor<?x?x3xi8>
  return
}

func.func @rope_halves() {
  %x = check.input dense<[[[-77, 67, 103, -94, 0, -94, 88, -94], [36, -107, 61, 104, 59, -59, 87, -49], [65, 85, -4, 31, 91, -80, -122, -17]], [[-81, 98, 94, -32, -49, 54, -12, -103], [41, 58, -110, 71, 9, 83, 89, 44], [-42, -33, 57, -111, -69, 5, 113, 66]]]> : tensor<2x3x8xi8> -> tensor<?x?x8xi8>
  %c = arith.constant dense<[[16384, 16384], [8852, 16383], [-6818, 16381], [-16220, 16377]]> : tensor<4x2xi16>
  %s = arith.constant dense<[[0, 0], [13787, 164], [14898, 328], [2312, 491]]> : tensor<4x2xi16>
  %y = intaglio.i_rope %x, %c, %s {num_heads = 2 : i64}
    : (tensor<?x?x8xi8>, tensor<4x2xi16>, tensor<4x2xi16>) -> tensor<?x?x8xi16>
  check.expect_eq %y, dense<[[[-77, 67, 103, -94, 0, -94, 88, -94], [-32, -108, 63, 103, -41, -59, 97, -50], [-23, 84, 61, 33, 73, -80, 134, -19]], [[-81, 98, 94, -32, -49, 54, -12, -103], [115, 57, -25, 72, -70, 83, 56, 45], [-34, -31, -62, -112, -74, 4, -110, 66]]]> : tensor<2x3x8xi16> : tensor<?x?x8xi16>
  return
}

func.func @rope_interleaved() {
  %x = check.input dense<[[[-77, 67, 103, -94, 0, -94, 88, -94], [36, -107, 61, 104, 59, -59, 87, -49], [65, 85, -4, 31, 91, -80, -122, -17]], [[-81, 98, 94, -32, -49, 54, -12, -103], [41, 58, -110, 71, 9, 83, 89, 44], [-42, -33, 57, -111, -69, 5, 113, 66]]]> : tensor<2x3x8xi8> -> tensor<?x?x8xi8>
  %c = arith.constant dense<[[16384, 16384], [8852, 16383], [-6818, 16381], [-16220, 16377]]> : tensor<4x2xi16>
  %s = arith.constant dense<[[0, 0], [13787, 164], [14898, 328], [2312, 491]]> : tensor<4x2xi16>
  %y = intaglio.i_rope %x, %c, %s {num_heads = 2 : i64, interleaved}
    : (tensor<?x?x8xi8>, tensor<4x2xi16>, tensor<4x2xi16>) -> tensor<?x?x8xi16>
  check.expect_eq %y, dense<[[[-77, 67, 103, -94, 0, -94, 88, -94], [109, -28, 60, 105, 82, 18, 87, -48], [-104, 24, -5, 31, 35, 116, -122, -19]], [[-81, 98, 94, -32, -49, 54, -12, -103], [-27, 66, -111, 70, -65, 52, 89, 45], [47, -24, 59, -110, 24, -65, 112, 68]]]> : tensor<2x3x8xi16> : tensor<?x?x8xi16>
  return
}

func.func @pool_mean() {
  %x = check.input dense<[[[-32768, -20262, -14397, -15320, 16353], [-32768, -18932, 16274, 9059, 25990], [-32768, -24528, 25464, -20692, -29167], [-32768, -3234, 9471, -24270, 14481]], [[-6206, 32556, 8910, 28782, 19190], [22480, -27001, 18161, 6765, -6881], [-12300, 9255, -19808, -20681, 24514], [17006, 5962, 16888, -11636, 14502]], [[-19286, -3618, -23128, -7984, -10465], [-5258, -1543, -30584, -10337, 22565], [-4374, 2776, -26027, -7372, 30788], [3147, -31442, 14525, 17684, -7769]]]> : tensor<3x4x5xi16> -> tensor<?x?x5xi16>
  %y = intaglio.i_pool %x {kind = #intaglio.pool_kind<mean>}
    : (tensor<?x?x5xi16>) -> tensor<?x5xi32>
  check.expect_eq %y, dense<[[-8388608, -4285184, 2355968, -3278272, 1770048], [1342720, 1329408, 1545664, 206720, 3284800], [-1649344, -2164928, -4173696, -512576, 2247616]]> : tensor<3x5xi32> : tensor<?x5xi32>
  return
}

// The last sequence has no token.
func.func @pool_mean_with_mask() {
  %x = check.input dense<[[[-32768, -20262, -14397, -15320, 16353], [-32768, -18932, 16274, 9059, 25990], [-32768, -24528, 25464, -20692, -29167], [-32768, -3234, 9471, -24270, 14481]], [[-6206, 32556, 8910, 28782, 19190], [22480, -27001, 18161, 6765, -6881], [-12300, 9255, -19808, -20681, 24514], [17006, 5962, 16888, -11636, 14502]], [[-19286, -3618, -23128, -7984, -10465], [-5258, -1543, -30584, -10337, 22565], [-4374, 2776, -26027, -7372, 30788], [3147, -31442, 14525, 17684, -7769]]]> : tensor<3x4x5xi16> -> tensor<?x?x5xi16>
  %mask = check.input dense<[[1, 1, 1, 1], [0, 5, 0, -1], [0, 0, 0, 0]]> : tensor<3x4xi64> -> tensor<?x?xi64>
  %y = intaglio.i_pool %x, %mask {kind = #intaglio.pool_kind<mean>}
    : (tensor<?x?x5xi16>, tensor<?x?xi64>) -> tensor<?x5xi32>
  check.expect_eq %y, dense<[[-8388608, -4285184, 2355968, -3278272, 1770048], [5054208, -2692992, 4486272, -623488, 975488], [0, 0, 0, 0, 0]]> : tensor<3x5xi32> : tensor<?x5xi32>
  return
}

func.func @pool_max() {
  %x = check.input dense<[[[-32768, -20262, -14397, -15320, 16353], [-32768, -18932, 16274, 9059, 25990], [-32768, -24528, 25464, -20692, -29167], [-32768, -3234, 9471, -24270, 14481]], [[-6206, 32556, 8910, 28782, 19190], [22480, -27001, 18161, 6765, -6881], [-12300, 9255, -19808, -20681, 24514], [17006, 5962, 16888, -11636, 14502]], [[-19286, -3618, -23128, -7984, -10465], [-5258, -1543, -30584, -10337, 22565], [-4374, 2776, -26027, -7372, 30788], [3147, -31442, 14525, 17684, -7769]]]> : tensor<3x4x5xi16> -> tensor<?x?x5xi16>
  %y = intaglio.i_pool %x {kind = #intaglio.pool_kind<max>}
    : (tensor<?x?x5xi16>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[-32768, -3234, 25464, 9059, 25990], [22480, 32556, 18161, 28782, 24514], [3147, 2776, 14525, 17684, 30788]]> : tensor<3x5xi16> : tensor<?x5xi16>
  return
}

// The last sequence has no token.
func.func @pool_max_with_mask() {
  %x = check.input dense<[[[-32768, -20262, -14397, -15320, 16353], [-32768, -18932, 16274, 9059, 25990], [-32768, -24528, 25464, -20692, -29167], [-32768, -3234, 9471, -24270, 14481]], [[-6206, 32556, 8910, 28782, 19190], [22480, -27001, 18161, 6765, -6881], [-12300, 9255, -19808, -20681, 24514], [17006, 5962, 16888, -11636, 14502]], [[-19286, -3618, -23128, -7984, -10465], [-5258, -1543, -30584, -10337, 22565], [-4374, 2776, -26027, -7372, 30788], [3147, -31442, 14525, 17684, -7769]]]> : tensor<3x4x5xi16> -> tensor<?x?x5xi16>
  %mask = check.input dense<[[1, 1, 1, 1], [0, 5, 0, -1], [0, 0, 0, 0]]> : tensor<3x4xi64> -> tensor<?x?xi64>
  %y = intaglio.i_pool %x, %mask {kind = #intaglio.pool_kind<max>}
    : (tensor<?x?x5xi16>, tensor<?x?xi64>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[-32768, -3234, 25464, 9059, 25990], [22480, 5962, 18161, 6765, 14502], [0, 0, 0, 0, 0]]> : tensor<3x5xi16> : tensor<?x5xi16>
  return
}

func.func @pool_cls() {
  %x = check.input dense<[[[-32768, -20262, -14397, -15320, 16353], [-32768, -18932, 16274, 9059, 25990], [-32768, -24528, 25464, -20692, -29167], [-32768, -3234, 9471, -24270, 14481]], [[-6206, 32556, 8910, 28782, 19190], [22480, -27001, 18161, 6765, -6881], [-12300, 9255, -19808, -20681, 24514], [17006, 5962, 16888, -11636, 14502]], [[-19286, -3618, -23128, -7984, -10465], [-5258, -1543, -30584, -10337, 22565], [-4374, 2776, -26027, -7372, 30788], [3147, -31442, 14525, 17684, -7769]]]> : tensor<3x4x5xi16> -> tensor<?x?x5xi16>
  %y = intaglio.i_pool %x {kind = #intaglio.pool_kind<cls>}
    : (tensor<?x?x5xi16>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[-32768, -20262, -14397, -15320, 16353], [-6206, 32556, 8910, 28782, 19190], [-19286, -3618, -23128, -7984, -10465]]> : tensor<3x5xi16> : tensor<?x5xi16>
  return
}

// The mask is not read.
func.func @pool_cls_with_mask() {
  %x = check.input dense<[[[-32768, -20262, -14397, -15320, 16353], [-32768, -18932, 16274, 9059, 25990], [-32768, -24528, 25464, -20692, -29167], [-32768, -3234, 9471, -24270, 14481]], [[-6206, 32556, 8910, 28782, 19190], [22480, -27001, 18161, 6765, -6881], [-12300, 9255, -19808, -20681, 24514], [17006, 5962, 16888, -11636, 14502]], [[-19286, -3618, -23128, -7984, -10465], [-5258, -1543, -30584, -10337, 22565], [-4374, 2776, -26027, -7372, 30788], [3147, -31442, 14525, 17684, -7769]]]> : tensor<3x4x5xi16> -> tensor<?x?x5xi16>
  %mask = check.input dense<[[1, 1, 1, 1], [0, 5, 0, -1], [0, 0, 0, 0]]> : tensor<3x4xi64> -> tensor<?x?xi64>
  %y = intaglio.i_pool %x, %mask {kind = #intaglio.pool_kind<cls>}
    : (tensor<?x?x5xi16>, tensor<?x?xi64>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[-32768, -20262, -14397, -15320, 16353], [-6206, 32556, 8910, 28782, 19190], [-19286, -3618, -23128, -7984, -10465]]> : tensor<3x5xi16> : tensor<?x5xi16>
  return
}

// Ids of 32 bits, of dynamic and of static sizes.
func.func @widen_ids() {
  %ids = check.input dense<[[0, -1, 2147483647], [-2147483648, 5, 7]]> : tensor<2x3xi32> -> tensor<?x?xi32>
  %wide = arith.extsi %ids : tensor<?x?xi32> to tensor<?x?xi64>
  check.expect_eq %wide, dense<[[0, -1, 2147483647], [-2147483648, 5, 7]]> : tensor<2x3xi64> : tensor<?x?xi64>
  %p = intaglio.position_ids %wide {padding_id = 5 : i64} : tensor<?x?xi64>
  check.expect_eq %p, dense<[[6, 7, 8], [6, 5, 7]]> : tensor<2x3xi64> : tensor<?x?xi64>
  return
}

func.func @widen_static_ids() {
  %ids = check.input dense<[[3, -4], [5, 6]]> : tensor<2x2xi32> -> tensor<2x2xi32>
  %wide = arith.extsi %ids : tensor<2x2xi32> to tensor<2x2xi64>
  check.expect_eq %wide, dense<[[3, -4], [5, 6]]> : tensor<2x2xi64> : tensor<2x2xi64>
  return
}

func.func @position_ids() {
  %ids = check.input dense<[[5, 1, 7, 1, 9], [1, 1, 4, 4, 1]]> : tensor<2x5xi64> -> tensor<?x?xi64>
  %p = intaglio.position_ids %ids : tensor<?x?xi64>
  check.expect_eq %p, dense<[[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]> : tensor<2x5xi64> : tensor<?x?xi64>
  return
}

// RoBERTa's rule: padding keeps its id and does not count.
func.func @position_ids_with_padding() {
  %ids = check.input dense<[[5, 1, 7, 1, 9], [1, 1, 4, 4, 1]]> : tensor<2x5xi64> -> tensor<?x?xi64>
  %p = intaglio.position_ids %ids {padding_id = 1 : i64} : tensor<?x?xi64>
  check.expect_eq %p, dense<[[2, 1, 3, 1, 4], [1, 1, 2, 3, 1]]> : tensor<2x5xi64> : tensor<?x?xi64>
  return
}
