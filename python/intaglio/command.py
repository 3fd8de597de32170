"""The command `intaglio`: compile, run, report, demo."""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile
import time
import zipfile

import numpy as np

from . import compiler, errors, text
from .model import Model


def main(arguments=None):
    """Runs the command; returns its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="intaglio", description="Float Transformer encoders to integer-only native libraries.",
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="\n".join(["commands:"] + [f"  {name:<8}  {text}" for name, (_, text) in COMMANDS.items()] +
                                                      ["", "`intaglio COMMAND --help` explains one."]))
    parser.add_argument("command", metavar="COMMAND", choices=COMMANDS)
    name = parser.parse_args(arguments[:1]).command
    describe, summary = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"intaglio {name}", description=summary[0].upper() + summary[1:] + ".")
    action = describe(parser)
    try:
        return action(_parse(parser, name, arguments[1:]))
    except errors.CompileError:
        pass  # The compiler has said why.
    except (errors.Error, OSError) as error:
        print(f"intaglio: error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("intaglio: interrupted", file=sys.stderr)
    return 1


def _parse(parser, name, arguments):
    """The options of a command; what `compile` does not know goes on to the compiler, as `rest`."""
    if name != "compile":
        return parser.parse_intermixed_args(arguments)
    options, rest = parser.parse_known_args(arguments)
    options.rest = rest
    return options


def _describe_compile(parser):
    parser.epilog = "Other options go to intaglio-compile; `intaglio-compile --help` explains them."
    parser.add_argument("model", help="ONNX file, Hugging Face directory, .mlir or .mlirbc")
    parser.add_argument("-o", dest="out", required=True, metavar="OUT", help="the artefact")
    parser.add_argument("--calibrate", action="append", default=[], metavar="FILE", help="data or statistics; may be repeated")
    parser.add_argument("--calibrate-text", metavar="FILE", help="data as text, a sample on each line; needs a Hugging Face directory")
    return _compile


def _compile(options):
    model = pathlib.Path(options.model)
    with tempfile.TemporaryDirectory() as folder:
        calibrate = list(options.calibrate)
        if options.calibrate_text:
            lines = [line.strip() for line in pathlib.Path(options.calibrate_text).read_text(encoding="utf-8").splitlines()]
            calibrate.append(f"{folder}/text.npz")
            save_samples(calibrate[-1], model, [line for line in lines if line])
        compiler.run(options.model, options.out, calibrate, options.rest, capture=False)
    if (model / "tokenizer.json").is_file():
        shutil.copyfile(model / "tokenizer.json", pathlib.Path(options.out).with_suffix(".tokenizer.json"))
    return 0


def save_samples(file, model, texts):
    """Writes texts as calibration data of the encoder in the directory `model`."""
    if not texts:
        raise errors.Error("the calibration text has no line")
    positions = json.loads((model / "config.json").read_text(encoding="utf-8")).get("max_position_embeddings")
    arrays = text.Tokenizer(model, min(128, positions or 128)).encode(texts)
    np.savez(file, input_ids=arrays["input_ids"], attention_mask=arrays["attention_mask"])


def _describe_run(parser):
    parser.add_argument("artefact")
    parser.add_argument("text", nargs="*", help="texts; `-` reads them from standard input, one on each line")
    parser.add_argument("--inputs", metavar="IN.npz", help="arrays by input name instead of text")
    parser.add_argument("--outputs", metavar="OUT.npz", help="where the outputs go; else a summary is printed")
    parser.add_argument("--tokenizer", metavar="PATH", help="tokenizer.json or its folder; default: beside the artefact")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    return _run


def _run(options):
    if bool(options.text) == bool(options.inputs):
        raise errors.Error("expected either texts or --inputs")
    texts = sys.stdin.read().splitlines() if options.text == ["-"] else options.text
    with Model(options.artefact, threads=options.threads) as model:
        begin = time.perf_counter()
        if options.inputs:
            outputs = model.run(_load(options.inputs))
        else:
            tokenizer = text.Tokenizer(options.tokenizer or options.artefact, model.dims.get("sequence"))
            outputs = text.run(model, tokenizer, texts)
        seconds = time.perf_counter() - begin
    if options.outputs:
        with open(options.outputs, "wb") as file:
            np.savez(file, **outputs)
        return 0
    for name, output in outputs.items():
        print(f"{name} {output.dtype} {list(output.shape)}")
    if "sentence_embedding" in outputs and len(texts) > 1:
        print_similarities(texts, outputs["sentence_embedding"])
    elif "logits" in outputs:
        for line, row in zip(texts, outputs["logits"]):
            print(f"  class {row.argmax()}  {line}")
    print(f"{1000 * seconds:.1f} ms")
    return 0


def _load(path):
    try:
        with open(path, "rb") as file:
            return {name: array for name, array in np.lib.npyio.NpzFile(file).items()}
    except (zipfile.BadZipFile, ValueError) as error:
        raise errors.Error(f"{path}: not a readable .npz file: {error}") from None


def print_similarities(texts, embeddings):
    """The pairs of texts from the nearest on, at most ten."""
    unit = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    cosines = unit @ unit.T
    pairs = [(cosines[i, j], i, j) for i in range(len(texts)) for j in range(i)]
    for cosine, i, j in sorted(pairs, reverse=True)[:10]:
        print(f"  {cosine:6.3f}  {texts[j]}  |  {texts[i]}")


def _describe_report(parser):
    parser.add_argument("path", help="the file of --report, or the artefact beside it")
    return _report


def _report(options):
    report = compiler.report(options.path)
    # The ops that spend most of the error budget come first: the list is cut.
    report["ops"] = sorted(report.get("ops", []), key=lambda op: -op.get("error_budget", 0))
    print("\n".join(_lines(report, "")))
    return 0


def _text(value):
    """Five digits of a number; the members of an object in a line, its name first."""
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(value[key])}" for key in sorted(value, key=lambda key: (key != "name", key)))
    return str(value)


def _lines(value, indent):
    """A report as indented text; long lists are cut."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, (dict, list)) and item:
                yield f"{indent}{key}:"
                yield from _lines(item, indent + "  ")
            else:
                yield f"{indent}{key}: {_text(item)}"
    elif isinstance(value, list):
        for item in value[:20]:
            yield f"{indent}- {_text(item)}"
        if len(value) > 20:
            yield f"{indent}- and {len(value) - 20} more"
    else:
        yield f"{indent}{value}"


def _describe_demo(parser):
    parser.add_argument("sentence", nargs="*", help="sentences to look up; without them they are asked for on a terminal")
    parser.add_argument("--folder", default="build/demo", help="where the artefacts go (default %(default)s)")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    return _demo


def _demo(options):
    from . import demo
    return demo.run(options.sentence, pathlib.Path(options.folder), options.threads)


COMMANDS = {
    "compile": (_describe_compile, "a model to an artefact"),
    "run": (_describe_run, "an artefact on texts or arrays"),
    "report": (_describe_report, "what a compile said of its result"),
    "demo": (_describe_demo, "all-MiniLM-L6-v2 to an integer-only library, tried on sentences"),
}
