"""For test/Tools/keep-float.mlir: `keep_float.py data FILE.npz` writes samples, `keep_float.py report FILE.json` checks a report."""
import json
import sys

import numpy as np


def check(report):
    kept = [{"name": "encoder.gelu", "op": "intaglio.gelu", "reason": "kept by --keep-float"},
            {"name": "", "op": "intaglio.relu", "reason": "kept by --keep-float"}]
    integer, proofs = report["integer"], report["proofs"]
    assert integer["float_ops"] == kept, integer["float_ops"]
    assert integer["ops"] == integer["integer_ops"] + len(kept) and integer["share_of_multiply_adds"] == 1, integer
    assert [op["op"] for op in report["ops"] if op["float"]] == ["intaglio.gelu", "intaglio.relu"], report["ops"]
    assert proofs["integer_only"] is False and proofs["float_on_purpose"] == kept, proofs
    code = proofs["no_float_machine_code"]
    assert code["holds"] and code["instructions"]["float"] == 0 < code["boundary_instructions"]["float"], code
    assert {"intaglio_boundary_gelu_0", "intaglio_boundary_relu_0"} <= set(code["boundary_functions"]), code


if sys.argv[1] == "data":
    np.savez(sys.argv[2], x=np.random.default_rng(3).normal(size=(300, 4)).astype(np.float32))
else:
    with open(sys.argv[2], encoding="utf-8") as file:
        check(json.load(file))
