"""Tests of intaglio.Model: model.py ARTEFACT OTHER, where OTHER is a library that is no artefact."""
import pathlib
import sys
import threading
import unittest

import intaglio
from intaglio import errors
import numpy as np

ARTEFACT, OTHER = sys.argv[1:3]
X = np.arange(15).reshape(3, 5)


class ModelTest(unittest.TestCase):
    def setUp(self):
        self.model = intaglio.Model(ARTEFACT, threads=2)
        self.addCleanup(self.model.close)

    def refuse(self, kind, message, inputs):
        with self.assertRaises(kind) as caught:
            self.model.run(inputs)
        self.assertIsInstance(caught.exception, intaglio.Error)
        self.assertIn(message, str(caught.exception))
        return caught.exception

    def test_describes_itself(self):
        x = self.model.inputs["x"]
        self.assertEqual((x.dtype, x.shape, x.optional, x.range), (np.int64, ("batch", "sequence"), False, (0, 99)))
        self.assertTrue(self.model.inputs["z"].optional)
        self.assertEqual(self.model.outputs["t"].shape, ())
        self.assertEqual(self.model.dims, {"batch": None, "sequence": 16})

    def test_runs(self):
        out = self.model.run({"x": X, "z": X + 1})
        np.testing.assert_array_equal(out["y"], 3 * X + 1)
        self.assertEqual(out["t"], (3 * X + 1).sum())
        self.assertEqual(out["t"].shape, ())

    def test_any_layout_and_narrower_types(self):
        for x in (X.astype(np.int32), X.astype(">i8"), np.asfortranarray(X), np.repeat(X, 2, 1)[:, ::2], X.tolist()):
            np.testing.assert_array_equal(self.model.run({"x": x})["y"], 2 * X)

    def test_sizes_change_between_runs(self):
        for shape in ((1, 1), (64, 16), (0, 3), (2, 2)):
            out = self.model.run({"x": np.full(shape, 7)})
            np.testing.assert_array_equal(out["y"], np.full(shape, 14))

    def test_threads_give_the_same(self):
        for threads in (1, 2, 5):
            with intaglio.Model(ARTEFACT, threads=threads) as model:
                self.assertEqual(model.run({"x": X})["t"], 2 * X.sum())

    def test_many_callers(self):
        wrong = []

        def call(seed):
            x = np.random.default_rng(seed).integers(0, 99, (4, 9))
            for _ in range(100):
                if not np.array_equal(self.model.run({"x": x})["y"], 2 * x):
                    wrong.append(seed)

        callers = [threading.Thread(target=call, args=(seed,)) for seed in range(4)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        self.assertEqual(wrong, [])

    def test_refuses_names(self):
        self.refuse(errors.NullPointer, "input 'x' is missing: int64 of shape [batch, sequence]", {"z": X})
        self.refuse(ValueError, "no input is called 'w'; the model's are x, z", {"x": X, "w": X})

    def test_refuses_types(self):
        self.refuse(TypeError, "input 'x': expected int64, found float64", {"x": X * 1.5})
        self.refuse(TypeError, "input 'x': expected int64, found uint64", {"x": X.astype(np.uint64)})
        self.refuse(TypeError, "input 'x': expected int64, found <U5", {"x": [["hello"]]})

    def test_refuses_shapes(self):
        self.refuse(ValueError, "input 'x': expected shape [batch, sequence], found [5]", {"x": X[0]})
        self.refuse(ValueError, "input 'z': expected shape [batch, sequence] with batch = 3, sequence = 5, found [2, 5]",
                    {"x": X, "z": X[:2]})

    def test_refuses_long_sequences(self):
        error = self.refuse(errors.BadDimension, "input 'x': sequence may be at most 16, found 17",
                            {"x": np.zeros((1, 17), int)})
        self.assertIsInstance(error, ValueError)

    def test_names_the_element_out_of_range(self):
        x = X.copy()
        x[1, 2] = 100
        error = self.refuse(errors.OutOfRange, "input 'x': element [1, 2] is 100, expected 0 to 99", {"x": x})
        self.assertEqual(error.status, 4)

    def test_refuses_thread_counts(self):
        for threads in (0, -1, 1025, 2**40):
            with self.assertRaisesRegex(errors.BadThreads, "thread count is not in 1 .. 1024"):
                intaglio.Model(ARTEFACT, threads=threads)
        with self.assertRaises(TypeError):
            intaglio.Model(ARTEFACT, threads="2")

    def test_refuses_other_files(self):
        for path in (OTHER, __file__, "/nowhere/model.so"):
            with self.assertRaisesRegex(errors.NotAnArtefact, "no artefact of Intaglio"):
                intaglio.Model(path)

    def test_refuses_damaged_files(self):
        whole = pathlib.Path(ARTEFACT).read_bytes()
        damaged = pathlib.Path(ARTEFACT + ".damaged.so")
        for size in (0, 1, 63, 64, 100, 700, 5000, len(whole) // 2):
            damaged.write_bytes(whole[:size])
            with self.subTest(size), self.assertRaisesRegex(errors.NotAnArtefact, "not a shared library|truncated"):
                intaglio.Model(damaged)
        for at, value in ((4, 1), (16, 2), (39, 0x7f), (57, 0xff), (54, 1)):
            damaged.write_bytes(whole[:at] + bytes([value]) + whole[at + 1:])
            with self.subTest(at), self.assertRaises(errors.NotAnArtefact):
                intaglio.Model(damaged)

    def test_closed(self):
        self.model.close()
        self.model.close()
        self.refuse(intaglio.Error, "the model is closed", {"x": X})

    def test_every_status_has_an_exception_of_its_own(self):
        self.assertEqual(len(set(map(type, (errors.for_status(status, "") for status in errors.BY_STATUS)))),
                         len(errors.BY_STATUS))
        text = self.model._library.intaglio_status_text
        known = {status for status in range(1, 64) if text(status) != b"unknown status"}
        self.assertEqual(known, set(errors.BY_STATUS))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
