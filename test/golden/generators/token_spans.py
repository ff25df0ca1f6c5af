"""Spans of word pieces as the `tokenizers` package gives them, in bytes of UTF-8.

pip install tokenizers==0.23.3
python test/golden/generators/token_spans.py TOKENIZER_JSON > test/golden/service/token-spans.golden.json
TOKENIZER_JSON: of splade-tiny (any BERT uncased tokenizer has the same pieces).
"""

import json
import sys

import tokenizers

TEXTS = [
    "how does a fox hunt",
    "Straße café 東京 unaffable Ünïcode qqqq😀z, x",
    "  two\tspaces\n\nU.S. don't  ",
    "e\u0301clair na\u00efve\u200bzero",
    "🤷🏽 emoji 123.45%",
    "ＡＢＣ ﬁne",
]

tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
tokenizer.no_padding()
tokenizer.no_truncation()


def case(text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    spans = [[len(text[:a].encode()), len(text[:b].encode()), text[a:b]] for a, b in encoding.offsets]
    return {"text": text, "tokens": encoding.tokens, "spans": spans}


generator = f"tokenizers {tokenizers.__version__}"
json.dump({"generator": generator, "cases": [case(text) for text in TEXTS]}, sys.stdout, indent=1)
