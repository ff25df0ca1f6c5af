"""Small checkpoints of every architecture and head, and their vectors by sentence-transformers, as goldens.

    python -m venv venv && venv/bin/pip install torch sentence-transformers
    venv/bin/python test/golden/generators/small_checkpoints.py OUT_FOLDER [NAME ...]

No weights are kept: value i of a tensor is a hash of its name and i, the same here and in test/support/seeded-weights.ts. A golden
holds the JSON files of a model as saved by sentence-transformers, the shapes of its tensors, and its vectors.
"""

import json
import pathlib
import sys
import tempfile
import zlib
from importlib.metadata import version

import numpy
import torch
import transformers
from safetensors import safe_open
from sentence_transformers import SparseEncoder
from sentence_transformers.base.modules import Router
from sentence_transformers.sparse_encoder.modules import MLMTransformer, SparseStaticEmbedding, SpladePooling
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
LONGEST = 2000
TEXTS = [
    {"name": entry["name"], "text": (entry["text"] * entry.get("times", 1))[:LONGEST]}
    for entry in json.loads((HERE / "awkward-texts.json").read_text())
    if entry["name"] not in ("10,000 words", "256 tokens to the last", "one token too many", "a word of 5,000 characters")
]
TEXTS.append({"name": "longer than the model", "text": "the river rises in the hills and runs to the sea " * 12})
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
POSITIONS = 48
SCALE = 0.9
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def seeded(name: str, shape: list[int]) -> torch.Tensor:
    """mulberry32 of crc32(name), as the i-th number it gives; centred on 1 for LayerNorms."""
    count = int(numpy.prod(shape))
    mask = numpy.uint64(0xFFFFFFFF)
    state = (numpy.uint64(zlib.crc32(name.encode())) + numpy.arange(1, count + 1, dtype=numpy.uint64) * 0x6D2B79F5) & mask
    mixed = ((state ^ (state >> 15)) * (state | 1)) & mask
    mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & mask)) & mask
    values = (mixed ^ (mixed >> 14)).astype(numpy.float64) / 2**32 - 0.5
    centre = 1.0 if name.lower().endswith(("norm.weight", "norm.gamma")) else 0.0
    return torch.tensor((centre + SCALE * values).astype(numpy.float32)).reshape(shape)


def special(tokenizer: Tokenizer, before: str, after: str) -> None:
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{before} $A {after}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (before, after)],
    )


def corpus() -> list[str]:
    return [entry["text"] for entry in json.loads((HERE / "awkward-texts.json").read_text()) if "times" not in entry]


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(corpus(), trainers.WordPieceTrainer(vocab_size=300, special_tokens=tokens, show_progress=False))
    special(tokenizer, "[CLS]", "[SEP]")
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", mask_token="[MASK]", model_max_length=POSITIONS
    )


SENTENCE = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}


def byte_level(before="<s>", after="</s>", names=SENTENCE):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokens = list(dict.fromkeys([before, names["pad_token"], after, names["unk_token"], names["mask_token"]]))
    trainer = trainers.BpeTrainer(vocab_size=320, special_tokens=tokens, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    special(tokenizer, before, after)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=POSITIONS, **names)


def unigram():
    """As XLM-R's, but for its normalizer, whose table of 300 kB stands for NFKC and a little more."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.decoder = decoders.Metaspace()
    tokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(corpus(), trainers.UnigramTrainer(vocab_size=260, special_tokens=tokens, unk_token="<unk>", show_progress=False))
    special(tokenizer, "<s>", "</s>")
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=POSITIONS, **SENTENCE)


def masked_model(kind: str, tokenizer, **more):
    config = transformers.CONFIG_MAPPING[kind](vocab_size=len(tokenizer), pad_token_id=tokenizer.pad_token_id, **more)
    return transformers.AutoModelForMaskedLM.from_config(config).eval()


def bert(tokenizer, **more):
    return masked_model("bert", tokenizer, **SIZES, max_position_embeddings=POSITIONS, **more)


def distilbert(tokenizer):
    return masked_model("distilbert", tokenizer, dim=16, hidden_dim=32, n_layers=2, n_heads=2, max_position_embeddings=POSITIONS)


def roberta(tokenizer, kind="roberta", types=1):
    return masked_model(kind, tokenizer, **SIZES, type_vocab_size=types, layer_norm_eps=1e-5, max_position_embeddings=POSITIONS + tokenizer.pad_token_id + 1)


def modernbert(tokenizer):
    sizes = {**SIZES, "num_hidden_layers": 4}
    ids = {"bos_token_id": 0, "eos_token_id": 2, "cls_token_id": 0, "sep_token_id": 2}
    return masked_model("modernbert", tokenizer, **sizes, **ids, max_position_embeddings=POSITIONS, local_attention=16)


def write(out: pathlib.Path, name: str, model, tokenizer, head=("max", "relu"), dtype="F32", table=False, prompts=None) -> None:
    with tempfile.TemporaryDirectory() as work:
        network = pathlib.Path(work) / "network"
        model.save_pretrained(network)
        tokenizer.save_pretrained(network)
        seed(network / "model.safetensors", DTYPES[dtype])
        transformer, pooling = MLMTransformer(str(network), max_seq_length=POSITIONS), SpladePooling(*head)
        transformer.auto_model.float()
        modules = [transformer, pooling]
        if table:
            weights = seeded("table", [len(tokenizer)]).abs()
            modules = [Router({"query": [SparseStaticEmbedding(tokenizer, weights)], "document": modules}, default_route="document")]
        encoder = SparseEncoder(modules=modules, device="cpu", prompts=prompts)
        saved = pathlib.Path(work) / "saved"
        encoder.save_pretrained(str(saved))
        golden = {"files": files_of(saved), "tensors": tensors_of(saved, dtype), "table": table, "vectors": []}
        for role in ("query", "document") if table or prompts else ("document",):
            encode = encoder.encode_query if role == "query" else encoder.encode_document
            for entry in TEXTS:
                [dense] = encode([entry["text"]], convert_to_sparse_tensor=False)
                ids = dense.nonzero().flatten()
                weights = [float(f"{weight:.7g}") for weight in dense[ids].tolist()]
                golden["vectors"].append({"name": entry["name"], "as": role, "ids": ids.tolist(), "weights": weights})
    packages = ["sentence-transformers", "transformers", "tokenizers", "torch"]
    golden["made_by"] = {package: version(package) for package in packages}
    (out / f"{name}.golden.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")


def seed(file: pathlib.Path, dtype: torch.dtype) -> None:
    from safetensors.torch import load_file, save_file

    tensors = {name: seeded(name, list(tensor.shape)).to(dtype) for name, tensor in load_file(file).items()}
    save_file(tensors, file, metadata={"format": "pt"})


def files_of(folder: pathlib.Path) -> dict:
    return {str(path.relative_to(folder)): json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))}


def tensors_of(folder: pathlib.Path, dtype: str) -> dict:
    files = {}
    for path in sorted(folder.rglob("*.safetensors")):
        with safe_open(path, "pt") as tensors:
            files[str(path.relative_to(folder))] = {name: tensors.get_slice(name).get_shape() for name in tensors.keys()}
    return {"dtype": dtype, "files": files}


def main(folder: str, *names: str) -> None:
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    (out / "texts.json").write_text(json.dumps(TEXTS, ensure_ascii=False, indent=1) + "\n")
    pieces, level, sentence = word_piece(), byte_level(), unigram()
    prompts = {"query": "query: ", "document": "a passage of the sea: "}
    checkpoints = {
        "bert-untied": lambda name: write(out, name, bert(pieces, tie_word_embeddings=False), pieces),
        "bert-sum": lambda name: write(out, name, bert(pieces), pieces, ("sum", "relu")),
        "bert-float16": lambda name: write(out, name, bert(pieces), pieces, dtype="F16"),
        "bert-bfloat16": lambda name: write(out, name, bert(pieces), pieces, dtype="BF16"),
        "distilbert-inference-free": lambda name: write(out, name, distilbert(pieces), pieces, ("max", "log1p_relu"), table=True),
        "roberta": lambda name: write(out, name, roberta(level), level),
        "roberta-prompts": lambda name: write(out, name, roberta(level), level, prompts=prompts),
        "xlm-roberta": lambda name: write(out, name, roberta(sentence, "xlm-roberta"), sentence),
        "modernbert": lambda name: write(out, name, modernbert(level), level),
    }
    for name in names or checkpoints:
        checkpoints[name](name)


main(*sys.argv[1:])
