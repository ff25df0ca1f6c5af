"""Texts as a SentencePiece charsmap normalizes them, and their tokens, as the `tokenizers` package gives them.

pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
python test/golden/generators/charsmap.py > test/golden/encoder/charsmap.golden.json

The rules are those of nmt_nfkc for the characters of the texts, as Python's tables of Unicode have them, and a few of our own, which
try what is replaced where one key begins another. The tokenizer has every character of the normalized texts as its vocabulary.
"""

import itertools
import json
import random
import sys
import tempfile
import unicodedata

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

SPACES = "\t\n\r\f\xa0\u1680\u2000\u2009\u200b\u200e\u2028\u2029\u202f\u205f\u3000\ufeff\ufffd\u2581"
CONTROLS = "\x01\x08\x0b\x1f\x7f\x8f\x9f"
OWN = {"x": "ks", "xy": "never", "q\u0301": "Q", "\u00df": "ss", "\u0600a": "number a", "\u0e33": "\u0e4d\u0e32", "\u00ad": ""}
PARTS = [
    *"\uf900\uf901\uf902\ufa11\U0002f800", *"ﬁﬂﬀﬃﬄﬆﬓ", *"ＡＢｚ０９！～", *"ｱｶﾊﾞﾟ", *"㍿㌔㎏㏂①⑳⒈㊙", *"ªº²³¼½…‥™℃Ω", *"ǅĲŉſẛ", *"각한글ㄱㅎ",
    "\u1112\u1161\u11ab", "\u1100\u1161", "\u11a8", "e\u0301", "E\u0323\u0302", "a\u0300\u0301", "u\u0308\u0304", "\u0344", "\u212b", "か\u3099", "は\u309a",
    "q\u0301", "q\u0301\u0323", "ﬁ\u0301", "ﬁ\u0301\u0301", "x\u0301", "xy", "x", "\u00df", "\u0600a", "\u0600b", "\u0600", "\u0e01\u0e33", "\u0e33", "soft\u00adhyphen",
    "👩\u200d👧", "👩🏽\u200d🚀", "a🏽", "🇩🇪🇫", "❤\ufe0f", "©\u200d😀", "©\u200d", "#\ufe0f\u20e3", "\u0915\u094d\u0937\u093f", "\u0958", "\u0bca", "\ufb2a", "\ufb2c", "\u05e9\u05c1", "لا\u064b", "ﷺ", "ﻼ",
    "\r\n", "\n\r", "\0", "\u200c", "\u200d", "\u2060", "\u00a0\u0301", " \u0301", "\u0301", "𝒜𝟗", "🄰", "𠮷", "\U0002f80a", "abc", "The cat.", "naïve café",
    *SPACES, *CONTROLS,
]


def texts():
    picked = random.Random(5)
    for part in PARTS:
        yield part
    for _ in range(70):
        yield "".join(picked.choice(PARTS) for _ in range(picked.randint(2, 6)))


def rules(written):
    """Characters, and characters with the marks after them, that NFKC changes."""
    found = {**dict.fromkeys(SPACES, " "), **dict.fromkeys(CONTROLS, "")}
    for text in written:
        for start, length in itertools.product(range(len(text)), (1, 2, 3)):
            key = text[start : start + length]
            changed = unicodedata.normalize("NFKC", key)
            if changed != key and all(unicodedata.combining(mark) for mark in key[1:]):
                found.setdefault(key, changed)
    found.pop("～", None)
    return {**found, **OWN}


def charsmap(of):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf8") as file:
        for key, value in sorted(of.items()):
            hexes = [" ".join(f"{ord(character):X}" for character in side) for side in (key, value)]
            file.write("\t".join(hexes) + "\n")
        file.flush()
        made = sentencepiece.SentencePieceNormalizer(rule_tsv=file.name)
    model = sentencepiece_model_pb2.ModelProto.FromString(made.serialized_model_proto())
    return model.normalizer_spec.precompiled_charsmap


def tokenizer_of(normalizer, written):
    characters = sorted(set("".join(normalizer.normalize_str(text) for text in written)) - set(" "))
    pieces = [("<unk>", 0.0), ("▁", -1.0), *((character, -2.0) for character in characters)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


written = list(dict.fromkeys(texts()))
normalizer = normalizers.Precompiled(charsmap(rules(written)))
tokenizer = tokenizer_of(normalizer, written)
cases = [
    {"text": text, "normalized": normalizer.normalize_str(text), "ids": tokenizer.encode(text).ids} for text in written
]
generator = f"tokenizers {tokenizers.__version__}, sentencepiece {sentencepiece.__version__}, Unicode {unicodedata.unidata_version}"
json.dump({"generator": generator, "tokenizer": json.loads(tokenizer.to_str()), "cases": cases}, sys.stdout, separators=(",", ":"))
print()
