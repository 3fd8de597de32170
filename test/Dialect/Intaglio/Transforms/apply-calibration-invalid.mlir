// RUN: %python %S/Inputs/statistics.py %t.json x=-1,1 other=-1,1
// RUN: not intaglio-opt --intaglio-apply-calibration=statistics=%t.json %s 2>&1 | FileCheck %s --check-prefix=IDS
// IDS-DAG: error: 'intaglio.observe' op edge 'y' has no entry in the statistics
// IDS-DAG: error: the statistics have an edge 'other' that the program has not
// RUN: not intaglio-opt --intaglio-apply-calibration %s 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: statistics: expects the name of a statistics file
// RUN: not intaglio-opt --intaglio-apply-calibration="statistics=%t.json observer=best" %s 2>&1 | FileCheck %s --check-prefix=OBSERVER
// OBSERVER: error: observer: expects minmax, moving-average, percentile, entropy or mse, found 'best'
// RUN: not intaglio-opt --intaglio-apply-calibration="statistics=%t.json observer-for=x=best" %s 2>&1 | FileCheck %s --check-prefix=FOR
// FOR: error: observer-for: expects REGEX=OBSERVER {{.*}}, found 'x=best'
// RUN: not intaglio-opt --intaglio-apply-calibration="statistics=%t.json headroom=0.5" %s 2>&1 | FileCheck %s --check-prefix=ROOM
// ROOM: error: headroom: expects a factor in 1 ... 256
// RUN: %python %S/Inputs/statistics.py %t.both.json x=-1,1 y=-1,1
// RUN: not intaglio-opt --intaglio-apply-calibration="statistics=%t.both.json observer-for=x(=minmax" %s 2>&1 | FileCheck %s --check-prefix=REGEX
// REGEX: error: observer-for: 'x(' is no regular expression
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %o = intaglio.observe %x {id = "x"} : tensor<?x2xf32>
  %y = intaglio.linear %o, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %p = intaglio.observe %y {id = "y"} : tensor<?x2xf32>
  %z = intaglio.linear %p, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %z : tensor<?x2xf32>
}
