"""Tokens of texts whose normalisation is easily got wrong, as the `tokenizers` package gives them.

pip install tokenizers==0.23.3
python test/golden/generators/normalised_tokens.py > test/golden/encoder/normalised-tokens.golden.json

Each tokenizer has the characters of the texts, alone and inside a word, as its whole vocabulary, so that its tokens are what its
normalizer made of the text.
"""

import json
import sys

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

BERT = {"lowercase": True, "handle_chinese_chars": True, "clean_text": True}
NORMALIZERS = {
    "BERT, uncased": normalizers.BertNormalizer(**BERT),
    "BERT, cased": normalizers.BertNormalizer(**{**BERT, "lowercase": False}),
    "BERT, accents kept": normalizers.BertNormalizer(**BERT, strip_accents=False),
    "BERT, ideographs inside of words": normalizers.BertNormalizer(**{**BERT, "handle_chinese_chars": False}),
    "lower case after NFKC": normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
}
TEXTS = [
    "ΟΔΟΣ",
    "ΟΔΥΣΣΕΥΣ ΣΣ Σ ς",
    "ΟΔΟΣ, ΣΑΣ. ᾍΣ",
    "は𠮷",
    "a𠮷b",
    "𪜀𫝀𫠝丽",
    "𫠠a𫤟b𫤠c",
    "𰀀a",
    "a豈b東c㐀d",
    "İstanbul STRASSE ẞ ǅ K",
    "e\u0301 É Ｅ ﬁ",
    "😀a😀",
]


def tokenizer_of(normalizer):
    characters = sorted(set("".join(normalizer.normalize_str(text) for text in TEXTS)) - set(" "))
    tokens = ["[UNK]", *characters, *("##" + character for character in characters)]
    tokenizer = Tokenizer(models.WordPiece({token: i for i, token in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def case(name, normalizer):
    tokenizer = tokenizer_of(normalizer)
    texts = [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS]
    return {"name": name, "tokenizer": json.loads(tokenizer.to_str()), "texts": texts}


generator = f"tokenizers {tokenizers.__version__}"
cases = [case(*one) for one in NORMALIZERS.items()]
json.dump({"generator": generator, "cases": cases}, sys.stdout, ensure_ascii=False, separators=(",", ":"))
print()
