"""Hostile Hugging Face directories, each made and given to a tool: hostile.py FOLDER COMMAND ..., where MODEL in the command is the
directory and OUT an output that must not be there afterwards.

Each case changes a valid tiny model; the tool has to exit with 1, print the expected error with its file, crash in no way, take
little memory and leave no output.
"""
import json
import os
import pathlib
import resource
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


def both(first, second):
    return lambda directory: (first(directory), second(directory))


def folder_instead(file):
    def change(directory):
        (directory / file).unlink()
        (directory / file).mkdir()
    return change


def tensors(change_entries, extra=b""):
    """Changes the header of the weights."""
    def change(directory):
        path = directory / "model.safetensors"
        content = path.read_bytes()
        size = struct.unpack("<Q", content[:8])[0]
        entries = json.loads(content[8:8 + size])
        change_entries(entries)
        new = json.dumps(entries).encode()
        path.write_bytes(struct.pack("<Q", len(new)) + new + content[8 + size:] + extra)
    return change


def entry(name, key, value):
    return tensors(lambda entries: entries[name].__setitem__(key, value))


def again(name):
    """The header names a tensor twice."""
    def change(directory):
        path = directory / "model.safetensors"
        content = path.read_bytes()
        size = struct.unpack("<Q", content[:8])[0]
        entries = content[8:8 + size].rstrip()
        new = entries[:-1] + b", " + json.dumps(name).encode() + b": " + json.dumps(json.loads(entries)[name]).encode() + b"}"
        path.write_bytes(struct.pack("<Q", len(new)) + new + content[8 + size:])
    return change


def element(name, value):
    """Puts a number into a tensor."""
    def change(directory):
        path = directory / "model.safetensors"
        content = bytearray(path.read_bytes())
        size = struct.unpack("<Q", content[:8])[0]
        at = 8 + size + json.loads(content[8:8 + size])[name]["data_offsets"][0]
        content[at:at + 4] = struct.pack("<f", value)
        path.write_bytes(content)
    return change


def model(*changes):
    """The tiny model, made with changes of models.py."""
    def change(directory):
        shutil.rmtree(directory)
        models.write("bert", directory, ["pooling:mean", *changes])
    return change


def index(change_map):
    """Two shards, and a change of their index."""
    def change(directory):
        model("sharded")(directory)
        path = directory / "model.safetensors.index.json"
        content = json.loads(path.read_text())
        changed = change_map(content["weight_map"])
        path.write_text(json.dumps(content if changed is None else changed))
    return change


def place(name, shard):
    return index(lambda shards: shards.__setitem__(name, shard))


def instead(file, make):
    """Something else than a file in the place of a file."""
    def change(directory):
        (directory / file).unlink(missing_ok=True)
        make(directory / file)
    return change


def sparse(file, size):
    """A file of many zeros that takes no room."""
    return instead(file, lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), size))


def link(file, target):
    return instead(file, lambda path: path.symlink_to(target))


WORDS, BIAS = "embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.bias"
INDEX = "model.safetensors.index.json: error: "
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
    # What is no JSON, or too much of it.
    "config-utf8": (text("config.json", b'{"model_type": "b\xc3\x28rt"}'), CONFIG + "not valid JSON"),
    "config-nul": (text("config.json", b'{"model_type": "bert"\0}'), CONFIG + "not valid JSON"),
    "config-infinity": (text("config.json", '{"layer_norm_eps": Infinity}'), CONFIG + "not valid JSON"),
    "config-null": (text("config.json", "null"), CONFIG + "expected a JSON object"),
    "config-large": (sparse("config.json", 1 << 40), CONFIG + "1099511627776 bytes are too many for a JSON file"),
    "config-device": (link("config.json", "/dev/zero"), CONFIG + "not a regular file"),
    "config-pipe": (instead("config.json", os.mkfifo), CONFIG + "not a regular file"),
    "config-loop": (link("config.json", "config.json"), CONFIG + "Too many levels of symbolic links"),
    "config-dangling": (link("config.json", "nowhere.json"), CONFIG + "No such file"),
    "modules-utf8": (text("modules.json", b'[{"type": "\xff"}]'), MODULES + "not valid JSON"),
    "modules-deep": (text("modules.json", "[" * 100000), MODULES + "JSON nested deeper than 64 levels"),
    "modules-pipe": (instead("modules.json", os.mkfifo), MODULES + "not a regular file"),
    "module-typeless": (module(0, "type", 3), MODULES + "expected 'type' to be a string, found 3"),
    "module-path": (module(1, "path", ["1_Pooling"]), MODULES + "expected 'path' to be a string"),
    "module-loop": (module(0, "path", "loop/loop"), "loop/loop/config.json: error: No such file"),
    "pooling-deep": (text("1_Pooling/config.json", '{"a":' * 100000), "1_Pooling/config.json: error: JSON nested deeper"),
    "pooling-string": (member("1_Pooling/config.json", "pooling_mode_mean_tokens", "yes"),
                       "1_Pooling/config.json: error: expected 'pooling_mode_mean_tokens' to be true or false"),
    "pooling-loop": (link("1_Pooling/config.json", "../1_Pooling/config.json"), "1_Pooling/config.json: error: Too many levels"),
    # Sizes that are none, or that the weights do not have.
    "layers-10^9": (member("config.json", "num_hidden_layers", 10**9), "error: config.json counts 1000000000 layers"),
    "layers-zero": (member("config.json", "num_hidden_layers", 0), CONFIG + "expected 'num_hidden_layers'"),
    "layers-fewer": (member("config.json", "num_hidden_layers", 1), "error: tensor 'encoder.layer.1."),
    "heads-zero": (member("config.json", "num_attention_heads", 0), CONFIG + "expected 'num_attention_heads'"),
    "heads-many": (member("config.json", "num_attention_heads", 16), CONFIG + "the hidden size 8 is not a multiple of the 16"),
    "size-largest": (both(remove("modules.json"), member("config.json", "hidden_size", 2**31 - 2)), "expected shape [32, 2147483646], found [32, 8]"),
    "size-inner": (member("config.json", "intermediate_size", 2**31 - 1), "expected shape [2147483647, 8], found [16, 8]"),
    "size-array": (member("config.json", "hidden_size", [8]), CONFIG + "expected 'hidden_size'"),
    "size-true": (member("config.json", "hidden_size", True), CONFIG + "expected 'hidden_size'"),
    "vocabulary-more": (member("config.json", "vocab_size", 33), f"error: tensor '{WORDS}': expected shape [33, 8], found [32, 8]"),
    "vocabulary-huge": (member("config.json", "vocab_size", 2**31 - 1), "expected shape [2147483647, 8], found [32, 8]"),
    "positions-zero": (member("config.json", "max_position_embeddings", 0), CONFIG + "expected 'max_position_embeddings'"),
    "types-negative": (member("config.json", "type_vocab_size", -1), CONFIG + "expected 'type_vocab_size'"),
    "epsilon-string": (member("config.json", "layer_norm_eps", "1e-12"), CONFIG + "expected 'layer_norm_eps' to be a positive number"),
    "epsilon-huge": (text("config.json", '{"model_type": "bert", "layer_norm_eps": 1e999}'), CONFIG),
    "activation-number": (member("config.json", "hidden_act", 7), CONFIG + "expected 'hidden_act' to be a string, found 7"),
    # Tensors.
    "tensor-missing": (model("drop:" + BIAS), f"error: tensor '{BIAS}' [8] is missing"),
    "tensor-more": (model("extra:stray"), "error: tensor 'stray' [4] is not used by this kind of model"),
    "tensor-twice": (again(BIAS), WEIGHTS + f"key '{BIAS}' occurs twice"),
    "tensor-shape": (model(f"shape:{BIAS}=[9]"), f"error: tensor '{BIAS}': expected shape [8], found [9]"),
    "tensor-rank": (model(f"shape:{BIAS}=[8, 1]"), f"error: tensor '{BIAS}': expected shape [8], found [8, 1]"),
    "tensor-empty": (model(f"shape:{BIAS}=[0]"), f"error: tensor '{BIAS}': expected shape [8], found [0]"),
    "tensor-type": (model(f"dtype:{BIAS}=i64"), "expected elements f32, f16 or bf16, found int64"),
    "tensor-nan": (element(BIAS, float("nan")), f"error: tensor '{BIAS}': element 0 is not finite"),
    "tensor-infinity": (element(WORDS, float("-inf")), f"error: tensor '{WORDS}': element 0 is not finite"),
    "entry-number": (tensors(lambda entries: entries.__setitem__(BIAS, 1)), WEIGHTS + f"tensor '{BIAS}': expected an object of dtype"),
    "entry-type": (entry(BIAS, "dtype", "F33"), WEIGHTS + f"tensor '{BIAS}': dtype 'F33' is not supported"),
    "entry-typeless": (entry(BIAS, "dtype", 32), WEIGHTS + f"tensor '{BIAS}': dtype is not a string"),
    "entry-shape": (entry(BIAS, "shape", [-8]), WEIGHTS + f"tensor '{BIAS}': shape is not an array of non-negative integers"),
    "entry-product": (entry(BIAS, "shape", [2**32, 2**32, 2**32]), WEIGHTS + f"tensor '{BIAS}': the shape has too many elements"),
    "entry-wrap": (entry(BIAS, "shape", [2**62, 4]), WEIGHTS + f"tensor '{BIAS}': the shape has too many elements"),
    "entry-rank": (entry(BIAS, "shape", [1] * 100000), WEIGHTS + f"tensor '{BIAS}': the shape and dtype need 4 bytes"),
    "entry-backwards": (entry(BIAS, "data_offsets", [32, 0]), WEIGHTS + f"tensor '{BIAS}': data_offsets is not a pair"),
    "entry-behind": (entry(BIAS, "data_offsets", [2**62, 2**62 + 32]), WEIGHTS + f"tensor '{BIAS}': data_offsets"),
    "entry-three": (entry(BIAS, "data_offsets", [0, 16, 32]), WEIGHTS + f"tensor '{BIAS}': data_offsets is not a pair"),
    "entry-overlap": (entry(BIAS, "data_offsets", [0, 32]), "overlap those of tensor"),
    "entry-hole": (tensors(lambda entries: entries.pop(BIAS)), "a hole of 32 bytes lies before its data"),
    "entry-metadata": (tensors(lambda entries: entries.__setitem__("__metadata__", {"format": 1})),
                       WEIGHTS + "__metadata__ is not an object of strings"),
    "header-utf8": (header(b'{"\xff\xfe": {}}'), WEIGHTS + "not valid JSON"),
    "header-array": (header(b"[]"), WEIGHTS + "the header is not a JSON object"),
    "weights-large": (sparse("model.safetensors", 1 << 40), WEIGHTS + "not valid JSON"),
    "weights-device": (link("model.safetensors", "/dev/zero"), WEIGHTS + "not a regular file"),
    "weights-pipe": (instead("model.safetensors", os.mkfifo), WEIGHTS + "not a regular file"),
    "weights-loop": (link("model.safetensors", "model.safetensors"), "error: neither model.safetensors nor"),
    # Shards.
    "index-outside": (place(WORDS, "../model.safetensors"), INDEX + f"tensor '{WORDS}': its shard is not the name of a .safetensors"),
    "index-absolute": (place(WORDS, "/elsewhere/model.safetensors"), INDEX + f"tensor '{WORDS}': its shard is not the name"),
    "index-windows": (place(WORDS, "..\\model.safetensors"), INDEX + f"tensor '{WORDS}': its shard is not the name"),
    "index-number": (place(WORDS, 1), INDEX + f"tensor '{WORDS}': its shard is not the name"),
    "index-other": (place(WORDS, "config.json"), INDEX + f"tensor '{WORDS}': its shard is not the name"),
    "index-nowhere": (place(WORDS, "none.safetensors"), f"tensor '{WORDS}': the index places it in none.safetensors"),
    "index-absent": (both(model("sharded"), remove("model-00002-of-00002.safetensors")),
                     "model-00002-of-00002.safetensors: error: No such file"),
    "index-wrong": (place(WORDS, "model-00002-of-00002.safetensors"), "the index places it in model-00002-of-00002.safetensors"),
    "index-more": (place("stray", "model-00001-of-00002.safetensors"), INDEX + "tensor 'stray': its shard"),
    "index-fewer": (index(lambda shards: shards.__delitem__(WORDS)), f"tensor '{WORDS}': the index places no such tensor"),
    "index-empty": (index(lambda shards: shards.clear()), INDEX + "no weight_map"),
    "index-array": (index(lambda shards: []), INDEX + "no weight_map"),
    "index-deep": (index(lambda shards: {"weight_map": json.loads("[" * 500 + "]" * 500)}), INDEX + "JSON nested deeper"),
}


def run(name, change, expected, root, command):
    directory, output = root / name, root / (name + ".out")
    shutil.rmtree(directory, ignore_errors=True)
    models.write("bert", directory, ["pooling:mean"])
    change(directory)
    words = {"MODEL": directory, "OUT": output}
    result = subprocess.run([words.get(word, word) for word in command], capture_output=True, text=True, timeout=60, check=False)
    if result.returncode != 1 or expected not in result.stderr or list(root.glob(name + ".*")):
        print(f"{name}: exit status {result.returncode}, expected 1 and {expected!r}, got:\n{result.stderr[:2000]}")
        return False
    return True


if __name__ == "__main__":
    base = pathlib.Path(sys.argv[1])
    base.mkdir(parents=True, exist_ok=True)
    passed = [run(name, change, expected, base, sys.argv[2:]) for name, (change, expected) in CASES.items()]
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert most < 2 << 20, f"a run took {most} KiB"
    print(f"{sum(passed)} of {len(passed)} hostile directories refused")
    sys.exit(0 if all(passed) else 1)
