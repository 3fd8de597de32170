"""Writes random token ids of a BERT vocabulary: tokens.py OUT.npz SAMPLES SEQUENCE [VOCABULARY]; each mask a random length."""
import sys

import numpy as np

path, samples, sequence = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
vocabulary = int(sys.argv[4]) if len(sys.argv) > 4 else 30522
rng = np.random.default_rng(5)
lengths = rng.integers(sequence // 4 + 1, sequence + 1, samples)
mask = (np.arange(sequence) < lengths[:, None]).astype(np.int64)
np.savez(path, input_ids=rng.integers(0, vocabulary, (samples, sequence), np.int64) * mask, attention_mask=mask)
