"""The Python peers of encode.ts, on the same weights: encode_peers.py PEER FOLDER EXPORT THREADS MAX_TOKENS. One JSON line in, one out, until
stdin ends. `encode_peers.py export FOLDER EXPORT MAX_TOKENS` writes the ONNX form that the peers without torch take, under the names that each wants."""

import json
import os
import resource
import shutil
import sys
import time
from importlib.metadata import version


def sentence_transformers(folder, exported, threads, max_tokens):
    import torch
    from sentence_transformers import SparseEncoder
    from sentence_transformers.sparse_encoder.modules import MLMTransformer, SpladePooling

    torch.set_num_threads(threads)
    modules = [MLMTransformer(folder, max_seq_length=max_tokens), SpladePooling("max")]
    encoder = SparseEncoder(modules=modules, device="cpu")

    def encode(texts, batch):
        vectors = encoder.encode(texts, batch_size=batch, show_progress_bar=False)
        return sum(float(vector.coalesce().values().sum()) for vector in vectors)

    return encode, version("sentence-transformers")


def onnxruntime(folder, exported, threads, max_tokens):
    import numpy as np
    import onnxruntime as ort
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding()
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(f"{exported}/model.onnx", options, providers=["CPUExecutionProvider"])

    def encode(texts, batch):
        total = 0.0
        for start in range(0, len(texts), batch):
            encoded = tokenizer.encode_batch(texts[start : start + batch])
            ids = np.array([one.ids for one in encoded], dtype=np.int64)
            mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            (logits,) = session.run(None, feeds)
            for row, tokens in zip(logits, mask):
                weights = np.log1p(np.maximum(row[tokens == 1].max(axis=0), 0))
                found = weights.nonzero()[0]
                total += float(weights[found].sum())
        return total

    return encode, version("onnxruntime")


def fastembed(folder, exported, threads, max_tokens):
    from fastembed import SparseTextEmbedding

    # The name chooses the class; the files are those of the folder.
    name = "prithivida/Splade_PP_en_v1"
    encoder = SparseTextEmbedding(name, threads=threads, specific_model_path=exported)

    def encode(texts, batch):
        return sum(float(vector.values.sum()) for vector in encoder.embed(texts, batch_size=batch))

    return encode, version("fastembed")


def export(folder, exported, max_tokens):
    import onnx
    import torch
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    class Logits(torch.nn.Module):
        def __init__(self, model):
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask, token_type_ids):
            given = dict(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
            return self.model(**given).logits

    os.makedirs(f"{exported}/onnx", exist_ok=True)
    model = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager").eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]
    tokens = torch.ones((2, 7), dtype=torch.int64)
    axes = {name: {0: "texts", 1: "length"} for name in [*names, "logits"]}
    file = f"{exported}/model.onnx"
    torch.onnx.export(
        Logits(model), (tokens, tokens, tokens), file, input_names=names, output_names=["logits"], dynamic_axes=axes, dynamo=False
    )
    shutil.copy(file, f"{exported}/onnx/model.onnx")
    # npm's fastembed has names of its own (fastembed 2.1, SparseTextEmbedding.embed).
    theirs = dict(zip([*names, "logits"], ["input_ids", "input_mask", "segment_ids", "output"]))
    graph = onnx.load(file)
    for value in [*graph.graph.input, *graph.graph.output]:
        value.name = theirs[value.name]
    for node in graph.graph.node:
        node.input[:] = [theirs.get(name, name) for name in node.input]
        node.output[:] = [theirs.get(name, name) for name in node.output]
    onnx.save(graph, f"{exported}/onnx/fastembed.onnx")
    AutoTokenizer.from_pretrained(folder, model_max_length=int(max_tokens)).save_pretrained(exported)
    shutil.copy(f"{folder}/config.json", exported)
    marks = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
    with open(f"{exported}/special_tokens_map.json", "w") as written:
        json.dump(marks, written)


PEERS = {"sentence-transformers": sentence_transformers, "onnxruntime": onnxruntime, "fastembed": fastembed}


def answer_lines(name, folder, exported, threads, max_tokens):
    encode, found = PEERS[name](folder, exported, int(threads), int(max_tokens))
    for line in sys.stdin:
        task = json.loads(line)
        cpu, start = time.process_time(), time.perf_counter()
        times, total = [], 0.0
        if task["each"]:
            for text in task["texts"]:
                begun = time.perf_counter()
                total += encode([text], 1)
                times.append(1000 * (time.perf_counter() - begun))
        else:
            total = encode(task["texts"], task["batch"])
        answer = {
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - cpu,
            "times": times,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "weight": total,
            "version": found,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(*sys.argv[2:5])
    else:
        answer_lines(*sys.argv[1:6])
