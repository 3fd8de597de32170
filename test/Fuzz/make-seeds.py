"""Writes the first corpus of each fuzzer: make-seeds.py FOLDER, which gets a folder for each fuzzer."""
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

TEST = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TEST / "Import" / "HuggingFace" / "Inputs"))
import models  # noqa: E402

HUGGING_FACE = {
    "bert": ("bert", []), "roberta": ("roberta", []), "distilbert": ("distilbert", []),
    "bert-head": ("bert-classifier", []), "roberta-head": ("roberta-classifier", []),
    "distilbert-head": ("distilbert-classifier", []), "mean": ("bert", ["pooling:mean", "normalize"]),
    "cls": ("bert", ["pooling:cls"]), "max": ("bert", ["pooling:max"]), "half": ("bert", ["dtype:*=f16"]),
    "brain": ("distilbert", ["dtype:*=bf16"]), "tanh": ("bert", ['config:hidden_act="gelu_new"']),
}
FILES = ["config.json", "modules.json", "1_Pooling/config.json", "model.safetensors.index.json"]


def hugging_face():
    """Directories, packed as HuggingFaceFuzzer.cpp says, and the files in them."""
    packed, weights, texts = {}, {}, {}
    for name, (kind, changes) in HUGGING_FACE.items():
        with tempfile.TemporaryDirectory() as folder:
            directory = pathlib.Path(folder)
            models.write(kind, directory, changes)
            parts = [path.read_bytes() if path.exists() else b"" for path in (directory / file for file in FILES)]
            weights[name] = (directory / "model.safetensors").read_bytes()
        index = json.dumps({"weight_map": {key: "model.safetensors" for key in header(weights[name])}}).encode()
        packed[name] = b"\0".join(parts + [weights[name]])
        packed[name + "-index"] = b"\0".join(parts[:3] + [index, weights[name]])
        texts.update({f"{name}-{number}": text for number, text in enumerate(parts + [index]) if text})
    return packed, weights, texts


def header(weights):
    size = int.from_bytes(weights[:8], "little")
    return json.loads(weights[8:8 + size])


def onnx():
    """The models of the import tests: text of protobuf, made binary."""
    proto = TEST.parent / "lib" / "Import" / "ONNX"
    return {path.stem: subprocess.run(["protoc", "--encode=onnx.ModelProto", f"--proto_path={proto}", "onnx.proto"],
                                      input=path.read_bytes(), stdout=subprocess.PIPE, check=True).stdout
            for path in sorted((TEST / "Import").glob("ONNX/**/*.txtpb"))}


def npy():
    seeds = {}
    for dtype in ("?", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"):
        for shape in ((), (3,), (2, 3), (0, 4)):
            out = io.BytesIO()
            np.save(out, np.ones(shape, dtype))
            seeds[f"{np.dtype(dtype).name}-{len(shape)}-{np.prod(shape, dtype=int)}"] = out.getvalue()
    for version in ((1, 0), (2, 0), (3, 0)):
        out = io.BytesIO()
        np.lib.format.write_array(out, np.arange(4), version=version)
        seeds[f"version-{version[0]}"] = out.getvalue()
    return seeds


def npz():
    seeds = {}
    arrays = {"input_ids": np.ones((2, 3), np.int64), "x": np.zeros(5, np.float32), "empty": np.zeros((0, 2), np.int8)}
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        out = io.BytesIO()
        save(out, **arrays)
        seeds[name] = out.getvalue()
    return seeds


def statistics():
    def edge(name, **change):
        return {"id": name, "samples": 2, "minimum": -1.5, "maximum": 2.25, "exponent": -9, "negative": [4, 7, 0, 1],
                "positive": [9, 0, 2], "sum_of_minima": "-12", "sum_of_maxima": "99", "channel_minima": [-1.5, 0],
                "channel_maxima": [0, 2.25], **change}

    empty = edge("empty", samples=0, minimum=0, maximum=0, exponent=-149, negative=[], positive=[], sum_of_minima="0",
                 sum_of_maxima="0", channel_minima=[], channel_maxima=[])
    full = edge("full", negative=[1] * 2048, positive=[2 ** 52] * 2048)
    return {name: json.dumps({"format": "intaglio-calibration", "version": 1, "model": "1f", "samples": 2,
                              "edges": edges}, separators=(",", ":")).encode()
            for name, edges in {"none": [], "one": [edge("a")], "two": [edge("a"), empty], "full": [full]}.items()}


def main(folder):
    packed, weights, texts = hugging_face()
    corpora = {"HuggingFace": packed, "Safetensors": weights, "Json": texts, "ONNX": onnx(), "Npy": npy(), "Npz": npz(),
               "Statistics": statistics()}
    for fuzzer, seeds in corpora.items():
        directory = pathlib.Path(folder) / f"{fuzzer}Fuzzer"
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in seeds.items():
            (directory / name).write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
