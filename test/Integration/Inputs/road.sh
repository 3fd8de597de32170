#!/bin/sh
# A model through the road, then its integer program compiled and interpreted, bit by bit.
# road.sh MODEL DATA.npz WORK NONLINEAR SIZES
set -e
intaglio-translate --import-huggingface "$1" --emit-bytecode -o "$3.float.mlirbc"
intaglio-opt "$3.float.mlirbc" "--intaglio-calibrate=data=$2" --intaglio-quantize "--intaglio-integerize=nonlinear=$4" \
  --emit-bytecode -o "$3.integer.mlirbc"
intaglio-check "$3.integer.mlirbc" "--sizes=$5" --threads=1,2,3
