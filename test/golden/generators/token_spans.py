"""Spans of tokens as the `tokenizers` package gives them, in bytes of UTF-8.

pip install tokenizers==0.23.3
python test/golden/generators/token_spans.py TOKENIZER_JSON > test/golden/encoder/token-spans.golden.json
TOKENIZER_JSON: of splade-tiny (any BERT uncased tokenizer has the same pieces). The other kinds are those of the small checkpoints.
"""

import json
import pathlib
import sys

import tokenizers

SMALL = pathlib.Path(__file__).parent.parent / "encoder" / "small"
KINDS = ["roberta", "modernbert", "xlm-roberta"]
TEXTS = [
    "how does a fox hunt",
    "Straße café 東京 unaffable Ünïcode qqqq😀z, x",
    "  two\tspaces\n\nU.S. don't  ",
    "e\u0301clair na\u00efve\u200bzero",
    "🤷🏽 emoji 123.45%",
    "ＡＢＣ ﬁne",
]


def small(name, trims=False):
    files = json.loads((SMALL / f"{name}.golden.json").read_text())["files"]
    tokenizer = files["tokenizer.json"]
    if trims:
        ids = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
        ends = {"sep": ["</s>", ids["</s>"]], "cls": ["<s>", ids["<s>"]]}
        tokenizer["post_processor"] = {"type": "RobertaProcessing", **ends, "trim_offsets": True, "add_prefix_space": False}
    return tokenizer


def cases(written):
    tokenizer = tokenizers.Tokenizer.from_str(written)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    for text in TEXTS:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        spans = [[len(text[:a].encode()), len(text[:b].encode()), text[a:b]] for a, b in encoding.offsets]
        yield {"text": text, "tokens": encoding.tokens, "spans": spans}


def kind(name, tokenizer):
    return {"name": name, "cases": list(cases(json.dumps(tokenizer)))}


kinds = [
    kind("bert", json.loads(pathlib.Path(sys.argv[1]).read_text())),
    *(kind(name, small(name)) for name in KINDS),
    kind("roberta, trimmed", small("roberta", trims=True)),
]
json.dump({"generator": f"tokenizers {tokenizers.__version__}", "kinds": kinds}, sys.stdout, indent=1)
