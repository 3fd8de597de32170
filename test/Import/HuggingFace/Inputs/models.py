"""Writes a tiny Hugging Face directory: models.py KIND DIRECTORY [CHANGE ...].

KIND is bert, bert-classifier, roberta, roberta-classifier, distilbert or distilbert-classifier. Weights come from a fixed
seed. A CHANGE is:
  config:KEY=JSON        sets a member of config.json (`config:KEY` removes it)
  drop:TENSOR            leaves a tensor out
  shape:TENSOR=JSON      gives a tensor another shape
  dtype:TENSOR=NAME      gives a tensor another type (f16, bf16, i64, nan: f32 with a NaN)
  rename:PART=PART       replaces a part of the tensors' names
  extra:TENSOR           adds a tensor that nothing uses
  sharded                two shards and an index
  pooling:KIND           modules.json with that pooling (mean, cls, max)
  normalize              a Normalize module behind the pooling
"""
import json
import pathlib
import struct
import sys

import numpy as np

HIDDEN, WIDE, LAYERS, HEADS, WORDS, POSITIONS, LABELS = 8, 16, 2, 2, 32, 10, 3


def bert_tensors(prefix, token_types):
    shapes = {"embeddings.word_embeddings.weight": [WORDS, HIDDEN],
              "embeddings.position_embeddings.weight": [POSITIONS, HIDDEN],
              "embeddings.token_type_embeddings.weight": [token_types, HIDDEN]}
    norms(shapes, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        base = f"encoder.layer.{layer}."
        for name in ("query", "key", "value"):
            linear(shapes, f"{base}attention.self.{name}", HIDDEN, HIDDEN)
        linear(shapes, base + "attention.output.dense", HIDDEN, HIDDEN)
        norms(shapes, base + "attention.output.LayerNorm")
        linear(shapes, base + "intermediate.dense", HIDDEN, WIDE)
        linear(shapes, base + "output.dense", WIDE, HIDDEN)
        norms(shapes, base + "output.LayerNorm")
    return {prefix + name: shape for name, shape in shapes.items()}


def distilbert_tensors(prefix):
    shapes = {"embeddings.word_embeddings.weight": [WORDS, HIDDEN],
              "embeddings.position_embeddings.weight": [POSITIONS, HIDDEN]}
    norms(shapes, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        base = f"transformer.layer.{layer}."
        for name in ("q_lin", "k_lin", "v_lin", "out_lin"):
            linear(shapes, f"{base}attention.{name}", HIDDEN, HIDDEN)
        norms(shapes, base + "sa_layer_norm")
        linear(shapes, base + "ffn.lin1", HIDDEN, WIDE)
        linear(shapes, base + "ffn.lin2", WIDE, HIDDEN)
        norms(shapes, base + "output_layer_norm")
    return {prefix + name: shape for name, shape in shapes.items()}


def linear(shapes, name, inputs, outputs):
    shapes[name + ".weight"] = [outputs, inputs]
    shapes[name + ".bias"] = [outputs]


def norms(shapes, name):
    shapes[name + ".weight"] = [HIDDEN]
    shapes[name + ".bias"] = [HIDDEN]


def model(kind):
    """config.json and the shapes of a model's tensors."""
    family, classifier = kind.split("-")[0], kind.endswith("-classifier")
    class_prefix = {"bert": "Bert", "roberta": "Roberta", "distilbert": "DistilBert"}[family]
    config = {"model_type": family, "vocab_size": WORDS, "max_position_embeddings": POSITIONS,
              "architectures": [class_prefix + ("ForSequenceClassification" if classifier else "Model")]}
    if classifier:
        config["id2label"] = {str(label): f"label {label}" for label in range(LABELS)}
    prefix = family + "." if classifier else ""
    if family == "distilbert":
        config.update(dim=HIDDEN, hidden_dim=WIDE, n_layers=LAYERS, n_heads=HEADS, activation="gelu")
        shapes = distilbert_tensors(prefix)
        if classifier:
            linear(shapes, "pre_classifier", HIDDEN, HIDDEN)
            linear(shapes, "classifier", HIDDEN, LABELS)
        return config, shapes
    token_types = 2 if family == "bert" else 1
    config.update(hidden_size=HIDDEN, intermediate_size=WIDE, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
                  hidden_act="gelu", type_vocab_size=token_types, layer_norm_eps=1e-12,
                  pad_token_id=0 if family == "bert" else 1)
    shapes = bert_tensors(prefix, token_types)
    if family == "bert":
        linear(shapes, prefix + "pooler.dense", HIDDEN, HIDDEN)
    if classifier and family == "bert":
        linear(shapes, "classifier", HIDDEN, LABELS)
    elif classifier:
        linear(shapes, "classifier.dense", HIDDEN, HIDDEN)
        linear(shapes, "classifier.out_proj", HIDDEN, LABELS)
    return config, shapes


def encode(values, dtype):
    """Name and bytes of a tensor in safetensors."""
    if dtype == "bf16":
        return "BF16", (values.view(np.uint32) >> 16).astype("<u2").tobytes()
    if dtype == "nan":
        values = values.copy()
        values.flat[1] = np.nan
        return "F32", values.tobytes()
    names = {"f32": ("F32", "<f4"), "f16": ("F16", "<f2"), "i64": ("I64", "<i8")}
    return names[dtype][0], values.astype(names[dtype][1]).tobytes()


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, (dtype, shape, payload) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(payload)]}
        data += payload
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_modules(directory, pooling, normalize):
    types = ["Transformer", "Pooling"] + (["Normalize"] if normalize else [])
    paths = ["", "1_Pooling", "2_Normalize"]
    modules = [{"idx": i, "name": str(i), "path": paths[i], "type": "sentence_transformers.models." + name}
               for i, name in enumerate(types)]
    (directory / "modules.json").write_text(json.dumps(modules))
    (directory / "1_Pooling").mkdir(exist_ok=True)
    flags = {"mean": "mean_tokens", "cls": "cls_token", "max": "max_tokens", "lasttoken": "lasttoken"}
    config = {"word_embedding_dimension": HIDDEN}
    config.update({f"pooling_mode_{flag}": kind == pooling for kind, flag in flags.items()})
    (directory / "1_Pooling" / "config.json").write_text(json.dumps(config))


def write(kind, directory, changes):
    config, shapes = model(kind)
    dtypes, dropped, renames, sharded, pooling = {}, set(), [], False, None
    for change in changes:
        action, _, rest = change.partition(":")
        key, _, value = rest.partition("=")
        if action == "config":
            config.pop(key, None)
            if value:
                config[key] = json.loads(value)
        elif action == "drop":
            dropped.add(key)
        elif action == "shape":
            shapes[key] = json.loads(value)
        elif action == "dtype":
            dtypes[key] = value
        elif action == "rename":
            renames.append((key, value))
        elif action == "extra":
            shapes[key] = [4]
        elif action == "pooling":
            pooling = key
        elif action == "sharded":
            sharded = True
    random = np.random.default_rng(7)
    tensors = {}
    for name, shape in shapes.items():
        scale = 1.0 if "orm" in name and name.endswith("weight") else 0.5
        values = (random.standard_normal(shape) * scale).astype(np.float32)
        dtype, payload = encode(values, dtypes.get(name, dtypes.get("*", "f32")))
        for old, new in renames:
            name = name.replace(old, new)
        if name not in dropped:
            tensors[name] = (dtype, shape, payload)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(config))
    if pooling:
        write_modules(directory, pooling, "normalize" in changes)
    if not sharded:
        write_safetensors(directory / "model.safetensors", tensors)
        return
    names = list(tensors)
    parts = {"model-00001-of-00002.safetensors": names[:7], "model-00002-of-00002.safetensors": names[7:]}
    for file, part in parts.items():
        write_safetensors(directory / file, {name: tensors[name] for name in part})
    index = {"metadata": {}, "weight_map": {name: file for file, part in parts.items() for name in part}}
    (directory / "model.safetensors.index.json").write_text(json.dumps(index))


if __name__ == "__main__":
    write(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:])
