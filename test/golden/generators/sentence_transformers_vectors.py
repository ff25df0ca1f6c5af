"""Vectors of sentence-transformers for a local SPLADE model, as goldens.

    python -m venv venv && venv/bin/pip install torch sentence-transformers
    venv/bin/python test/golden/generators/sentence_transformers_vectors.py MODEL_FOLDER OUT.golden.json

MODEL_FOLDER is what `termweave model pull` prints. Texts one by one (no padding), float32, on the CPU.
"""

import json
import pathlib
import sys
from importlib.metadata import version

from sentence_transformers import SparseEncoder
from sentence_transformers.sparse_encoder.modules import MLMTransformer, SpladePooling

MAX_TOKENS = 256


def main(folder: str, out: str) -> None:
    texts = json.loads((pathlib.Path(__file__).parent / "awkward-texts.json").read_text())
    transformer = MLMTransformer(folder, max_seq_length=MAX_TOKENS)
    encoder = SparseEncoder(modules=[transformer, SpladePooling("max")], device="cpu")
    vectors = []
    for entry in texts:
        text = entry["text"] * entry.get("times", 1)
        [dense] = encoder.encode([text], convert_to_sparse_tensor=False)
        ids = dense.nonzero().flatten()
        weights = [float(f"{weight:.9g}") for weight in dense[ids].tolist()]
        vectors.append({"name": entry["name"], "ids": ids.tolist(), "weights": weights})
    packages = ["sentence-transformers", "transformers", "tokenizers", "torch"]
    golden = {
        "made_by": {name: version(name) for name in packages},
        "max_tokens": MAX_TOKENS,
        "vectors": vectors,
    }
    lines = ",\n".join(json.dumps(vector) for vector in golden.pop("vectors"))
    head = json.dumps(golden)[:-1]
    pathlib.Path(out).write_text(f'{head}, "vectors": [\n{lines}\n]}}\n')


main(*sys.argv[1:])
