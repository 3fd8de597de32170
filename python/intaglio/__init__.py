"""Intaglio: float Transformer encoders to integer-only native libraries.

    intaglio.compile("all-MiniLM-L6-v2", "minilm.so", calibrate="sentences.npz")
    with intaglio.Model("minilm.so", threads=2) as model:
        outputs = model.run({"input_ids": ids, "attention_mask": mask})
"""
from .compiler import compile, report
from .errors import CompileError, Error
from .model import Model, Tensor

__all__ = ["CompileError", "Error", "Model", "Tensor", "compile", "report"]
