"""Tests of the whole road on all-MiniLM-L6-v2: minilm.py FOLDER, where the artefacts go."""
import pathlib
import sys
import unittest

import bert
import intaglio
from intaglio import command, demo, text
import numpy as np

FOLDER = pathlib.Path(sys.argv[1])
MODEL = demo.find_model()
TRY = demo.sentences("try")


class MiniLMTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        FOLDER.mkdir(parents=True, exist_ok=True)
        cls.data = FOLDER / "calibration.npz"
        command.save_samples(cls.data, MODEL, demo.sentences("calibrate"))
        cls.integer = intaglio.compile(MODEL, FOLDER / "minilm.so", calibrate=cls.data)
        cls.baseline = intaglio.compile(MODEL, FOLDER / "float.so", precision="float")
        cls.tokenizer = text.Tokenizer(MODEL)

    def run_texts(self, artefact, texts, threads=1):
        with intaglio.Model(artefact, threads=threads) as model:
            return model.run(text.inputs_for(model, self.tokenizer.encode(texts)))

    def test_float_baseline_is_the_model(self):
        arrays = self.tokenizer.encode(TRY[:6])
        hidden, embedding = bert.forward(MODEL, arrays["input_ids"], arrays["attention_mask"])
        found = self.run_texts(self.baseline, TRY[:6])
        kept = arrays["attention_mask"] != 0
        difference = np.abs(found["last_hidden_state"] - hidden)[kept].max() / np.abs(hidden[kept]).max()
        self.assertLess(difference, 1e-4)
        np.testing.assert_allclose(found["sentence_embedding"], embedding, atol=1e-5)

    def test_integer_model_keeps_the_meaning(self):
        with intaglio.Model(self.integer) as integer, intaglio.Model(self.baseline) as baseline:
            found, expected = (demo.unit(text.run(model, self.tokenizer, TRY)["sentence_embedding"])
                               for model in (integer, baseline))
        cosines = (found * expected).sum(1)
        self.assertGreaterEqual(cosines.mean(), demo.LEAST_MEAN_COSINE)
        self.assertGreaterEqual(cosines.min(), demo.LEAST_COSINE)

    def test_integer_model_is_small(self):
        demo.size(self.integer, MODEL)

    def test_threads_and_batches_give_the_same_bits(self):
        expected = self.run_texts(self.integer, TRY[:5])
        for threads in (2, 3):
            found = self.run_texts(self.integer, TRY[:5], threads)
            for name in expected:
                np.testing.assert_array_equal(found[name], expected[name])
        for row in range(5):
            alone = self.run_texts(self.integer, TRY[row:row + 1])["sentence_embedding"]
            np.testing.assert_array_equal(alone[0], expected["sentence_embedding"][row])

    def test_what_is_in_the_arena_does_not_matter(self):
        for artefact in (self.integer, self.baseline):
            with intaglio.Model(artefact, threads=2) as model:
                for length in (1, 7, 33, 35):
                    mask = np.arange(length)[None, :] < (length + 1) // 2
                    inputs = {"input_ids": np.full((1, length), 2023), "attention_mask": mask.astype(np.int64)}
                    expected = model.run(inputs)
                    model._arena[:] = 255  # NaN to floats
                    found = model.run(inputs)
                    for name in expected:
                        np.testing.assert_array_equal(found[name], expected[name])

    def test_no_float_is_proved(self):
        with intaglio.Model(self.integer) as model, intaglio.Model(self.baseline) as baseline:
            self.assertIn("proof     no float: 0 of ", next(demo.proof(model)))
            with self.assertRaisesRegex(intaglio.Error, "carries no proof"):
                list(demo.proof(baseline))

    def test_names_and_ranges(self):
        with intaglio.Model(self.integer) as model:
            self.assertEqual(list(model.outputs), ["last_hidden_state", "sentence_embedding"])
            self.assertEqual(model.inputs["input_ids"].range, (0, 30521))
            self.assertEqual(model.dims, {"batch": None, "sequence": 512})
            with self.assertRaisesRegex(ValueError, r"'input_ids': element \[0, 1\] is 30522, expected 0 to 30521"):
                model.run({"input_ids": [[101, 30522]], "attention_mask": [[1, 1]]})

    def test_refusals(self):
        for options, message in (({}, "calibrat"), ({"precision": "int3"}, "int3"), ({"no_such_option": True}, "no-such-option")):
            with self.subTest(options), self.assertRaisesRegex(intaglio.CompileError, message):
                intaglio.compile(MODEL, FOLDER / "refused.so", **options)
            self.assertFalse((FOLDER / "refused.so").exists())
        with self.assertRaises(intaglio.CompileError) as caught:
            intaglio.compile(FOLDER / "nowhere", FOLDER / "refused.so")
        self.assertIn("nowhere", caught.exception.diagnostics)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
