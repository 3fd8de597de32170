//===- Passes.td - statistics of a program as a pass ------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_PASSES
#define INTAGLIO_CALIBRATION_PASSES

include "mlir/Pass/PassBase.td"

def CollectStatisticsPass : Pass<"intaglio-collect-statistics", "::mlir::ModuleOp"> {
  let summary = "runs a float graph with `observe` ops on data";
  let description = [{
    Compiles the program in process, by the lowering that artefacts take, and runs it on every sample of
    the data; the program is not changed. Statistics of the same data are the same bytes in any order,
    split, container, batch size and number of threads. Memory is the model's and one batch.
  }];
  let options = [
    ListOption<"data", "data", "std::string",
      ".npz, .safetensors or .npy files, folders of .npy files, or saved statistics (.json)">,
    Option<"save", "save", "std::string", "\"\"", "where the statistics go, as JSON">,
    Option<"threads", "threads", "int64_t", "0",
      "samples that run at the same time, 0: as many as there are processors">,
    Option<"batchSize", "batch-size", "int64_t", "32", "samples in memory at the same time">,
    Option<"progress", "progress", "bool", "false", "show on stderr how far the run has come">
  ];
}

#endif // INTAGLIO_CALIBRATION_PASSES
