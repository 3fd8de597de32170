"""Hostile Hugging Face directories, each made and imported: hostile.py FOLDER.

Each case changes a valid tiny model; the tool has to exit with 1, print the expected error with its file, crash in no way and
leave no output.
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys

import models


def text(file, content):
    def change(directory):
        path = directory / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return change


def member(file, key, value):
    def change(directory):
        content = json.loads((directory / file).read_text())
        content[key] = value
        (directory / file).write_text(json.dumps(content))
    return change


def module(index, key, value):
    def change(directory):
        content = json.loads((directory / "modules.json").read_text())
        content[index][key] = value
        (directory / "modules.json").write_text(json.dumps(content))
    return change


def truncate(keep):
    def change(directory):
        path = directory / "model.safetensors"
        path.write_bytes(path.read_bytes()[:keep])
    return change


def header(content, data=b""):
    return text("model.safetensors", struct.pack("<Q", len(content)) + content + data)


def remove(file):
    return lambda directory: (directory / file).unlink()


def folder_instead(file):
    def change(directory):
        (directory / file).unlink()
        (directory / file).mkdir()
    return change


CONFIG, WEIGHTS, MODULES = "config.json: error: ", "model.safetensors: error: ", "modules.json: error: "
CASES = {
    "config-missing": (remove("config.json"), CONFIG + "No such file"),
    "config-empty": (text("config.json", ""), CONFIG + "not valid JSON"),
    "config-folder": (folder_instead("config.json"), CONFIG),
    "config-array": (text("config.json", "[]"), CONFIG + "expected a JSON object"),
    "config-open": (text("config.json", '{"model_type": "bert"'), CONFIG + "not valid JSON"),
    "config-binary": (text("config.json", b"\xff\xfe\x00\x01"), CONFIG + "not valid JSON"),
    "config-deep": (text("config.json", "[" * 1000000), CONFIG + "JSON nested deeper than 64 levels"),
    "config-twice": (text("config.json", '{"model_type": "bert", "model_type": "gpt2"}'),
                     CONFIG + "key 'model_type' occurs twice"),
    "type-number": (member("config.json", "model_type", 3), CONFIG + "expected 'model_type' to be a string, found 3"),
    "type-missing": (member("config.json", "model_type", None), CONFIG + "expected 'model_type' to be a string, found nothing"),
    "classes-two": (member("config.json", "architectures", ["BertModel", "BertModel"]),
                    CONFIG + "expected 'architectures' to be one class name"),
    "classes-other": (member("config.json", "architectures", ["RobertaModel"]),
                      CONFIG + "architecture 'RobertaModel' is not supported"),
    "size-negative": (member("config.json", "hidden_size", -8), CONFIG + "expected 'hidden_size'"),
    "size-huge": (member("config.json", "hidden_size", 10**30), CONFIG + "expected 'hidden_size'"),
    "size-2^31": (member("config.json", "hidden_size", 2**31), CONFIG + "expected 'hidden_size'"),
    "size-fraction": (member("config.json", "vocab_size", 32.5), CONFIG + "expected 'vocab_size'"),
    "size-string": (member("config.json", "vocab_size", "32"), CONFIG + "expected 'vocab_size'"),
    "epsilon-zero": (member("config.json", "layer_norm_eps", 0), CONFIG + "expected 'layer_norm_eps' to be a positive number"),
    "decoder-string": (member("config.json", "is_decoder", "yes"), CONFIG + "expected 'is_decoder' to be true or false"),
    "quantized": (member("config.json", "quantization_config", {"bits": 4}), CONFIG + "'quantization_config' is set"),
    "weights-missing": (remove("model.safetensors"), "error: neither model.safetensors nor model.safetensors.index.json"),
    "weights-folder": (folder_instead("model.safetensors"), WEIGHTS),
    "weights-empty": (truncate(0), WEIGHTS + "not a safetensors file"),
    "weights-no-header": (truncate(8), WEIGHTS + "the header of"),
    "weights-half-header": (truncate(100), WEIGHTS + "the header of"),
    "weights-short": (truncate(-1), "end behind the data"),
    "weights-size": (text("model.safetensors", b"\xff" * 64), "is above the limit"),
    "weights-deep": (header(b"[" * 100000), WEIGHTS + "JSON nested deeper"),
    "weights-nothing": (header(b"{}"), "error: tensor 'embeddings.word_embeddings.weight' [32, 8] is missing"),
    "weights-trailing": (header(b"{}", b"x"), WEIGHTS + "1 bytes behind the last tensor"),
    "weights-pickle": (text("model.safetensors", b"PK\x03\x04" + b"\0" * 60), WEIGHTS),
    "modules-object": (text("modules.json", "{}"), MODULES + "expected an array of modules"),
    "modules-empty": (text("modules.json", "[]"), MODULES + "expected an array of modules"),
    "modules-number": (text("modules.json", "[1]"), MODULES + "expected module 0 to be an object"),
    "module-unknown": (module(1, "type", "sentence_transformers.models.Dense"), MODULES + "module 1 'Dense' is not supported here"),
    "module-order": (module(0, "type", "sentence_transformers.models.Pooling"), MODULES + "module 0 'Pooling' is not supported here"),
    "module-outside": (module(1, "path", "../other"), MODULES + "the path '../other' of module 1 leaves"),
    "module-absolute": (module(1, "path", "/etc"), MODULES + "the path '/etc' of module 1 leaves"),
    "module-hidden": (module(1, "path", "a/../../b"), MODULES + "the path 'a/../../b' of module 1 leaves"),
    "pooling-missing": (remove("1_Pooling/config.json"), "1_Pooling/config.json: error: No such file"),
    "pooling-two": (member("1_Pooling/config.json", "pooling_mode_cls_token", True),
                    "1_Pooling/config.json: error: several poolings"),
    "pooling-none": (member("1_Pooling/config.json", "pooling_mode_mean_tokens", False),
                     "1_Pooling/config.json: error: no pooling is set"),
    "pooling-width": (member("1_Pooling/config.json", "word_embedding_dimension", 16),
                      "error: the pooling module is 16 wide, the encoder 8"),
}


def run(name, change, expected, root):
    directory, output = root / name, root / (name + ".mlir")
    shutil.rmtree(directory, ignore_errors=True)
    models.write("bert", directory, ["pooling:mean"])
    change(directory)
    result = subprocess.run(["intaglio-translate", "--import-huggingface", directory, "-o", output], capture_output=True,
                            text=True, timeout=60, check=False)
    if result.returncode != 1 or expected not in result.stderr or output.exists():
        print(f"{name}: exit status {result.returncode}, expected 1 and {expected!r}, got:\n{result.stderr[:2000]}")
        return False
    return True


if __name__ == "__main__":
    base = pathlib.Path(sys.argv[1])
    base.mkdir(parents=True, exist_ok=True)
    passed = [run(name, change, expected, base) for name, (change, expected) in CASES.items()]
    print(f"{sum(passed)} of {len(passed)} hostile directories refused")
    sys.exit(0 if all(passed) else 1)
