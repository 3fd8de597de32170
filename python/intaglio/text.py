"""Text to the inputs of an encoder, by the model's own tokenizer.json."""
import pathlib

import numpy as np

from . import errors


class Tokenizer:
    """The tokenizer in `path`: a tokenizer.json, a model directory with one, or an artefact with NAME.tokenizer.json beside it.

    Texts are cut to `max_length` tokens, or to what tokenizer.json says, whichever is less.
    """

    def __init__(self, path, max_length=None):
        try:
            import tokenizers
        except ImportError:
            raise errors.Error("text needs the package tokenizers: pip install tokenizers") from None
        file = find(path)
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(file))
        except Exception as error:  # The package raises plain Exception.
            raise errors.Error(f"{file}: not a tokenizer: {error}") from None
        self._tokenizer.no_padding()
        lengths = [length for length in (max_length, (self._tokenizer.truncation or {}).get("max_length")) if length]
        if lengths:
            self._tokenizer.enable_truncation(min(lengths))

    def encode(self, texts):
        """`input_ids`, `attention_mask` and `token_type_ids`, int64 [texts, tokens of the longest]; the padding's mask is 0."""
        codes = self._tokenizer.encode_batch(list(texts))
        shape = (len(codes), max((len(code.ids) for code in codes), default=0))
        arrays = {name: np.zeros(shape, np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
        for row, code in enumerate(codes):
            arrays["input_ids"][row, :len(code.ids)] = code.ids
            arrays["attention_mask"][row, :len(code.ids)] = 1
            arrays["token_type_ids"][row, :len(code.ids)] = code.type_ids
        return arrays


def find(path):
    """The tokenizer.json that `path` stands for."""
    path = pathlib.Path(path)
    if path.is_dir():
        path = path / "tokenizer.json"
    elif path.suffix != ".json":
        path = path.with_suffix(".tokenizer.json")
    if not path.is_file():
        raise errors.Error(f"{path}: no such tokenizer")
    return path


def inputs_for(model, arrays):
    """Those of the arrays that `model` has as inputs."""
    return {name: array for name, array in arrays.items() if name in model.inputs}


def run(model, tokenizer, texts, batch=8):
    """Runs the model on texts, `batch` at a time in order of their length; gives its outputs, one row for each text.

    An output with a row for each token is padded with zeros to the longest text.
    """
    texts = list(texts)
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    results = {}
    for begin in range(0, len(order), batch):
        rows = order[begin:begin + batch]
        outputs = model.run(inputs_for(model, tokenizer.encode([texts[row] for row in rows])))
        for name, output in outputs.items():
            results.setdefault(name, []).extend(zip(rows, output))
    return {name: _stack(len(texts), parts) for name, parts in results.items()}


def _stack(count, parts):
    shape = np.max([part.shape for _, part in parts], axis=0).astype(int)
    result = np.zeros((count, *shape), parts[0][1].dtype)
    for row, part in parts:
        result[(row, *map(slice, part.shape))] = part
    return result
