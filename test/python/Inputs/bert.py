"""The forward pass of a BERT sentence encoder in NumPy, straight from its weights: the reference of the float baseline."""
import json
import math

import numpy as np
from safetensors.numpy import load_file

erf = np.vectorize(math.erf, otypes=[np.float32])


def forward(directory, input_ids, attention_mask):
    """`last_hidden_state` and the mean-pooled, normalized `sentence_embedding`."""
    config = json.loads((directory / "config.json").read_text())
    weights = load_file(directory / "model.safetensors")

    def linear(x, name):
        return x @ weights[name + ".weight"].T + weights[name + ".bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred ** 2).mean(-1, keepdims=True) + config["layer_norm_eps"])
        return scaled * weights[name + ".weight"] + weights[name + ".bias"]

    def heads(x):
        batch, length, width = x.shape
        return x.reshape(batch, length, config["num_attention_heads"], -1).transpose(0, 2, 1, 3)

    def attention(x, base):
        q, k, v = (heads(linear(x, f"{base}.self.{name}")) for name in ("query", "key", "value"))
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
        scores = np.where(attention_mask[:, None, None, :] != 0, scores, -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        return linear(mixed.transpose(0, 2, 1, 3).reshape(x.shape), base + ".output.dense")

    embeddings = "embeddings.{}.weight".format
    x = (weights[embeddings("word_embeddings")][input_ids] + weights[embeddings("token_type_embeddings")][0] +
         weights[embeddings("position_embeddings")][:input_ids.shape[1]])
    x = norm(x, "embeddings.LayerNorm")
    for layer in range(config["num_hidden_layers"]):
        base = f"encoder.layer.{layer}"
        x = norm(attention(x, base + ".attention") + x, base + ".attention.output.LayerNorm")
        wide = linear(x, base + ".intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = norm(linear(wide, base + ".output.dense") + x, base + ".output.LayerNorm")
    mask = attention_mask[:, :, None].astype(np.float32)
    pooled = (x * mask).sum(1) / mask.sum(1)
    return x, pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
