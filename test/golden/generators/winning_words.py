"""Which word of a text won the maximum of each term, by transformers, as goldens.

    python -m venv venv && venv/bin/pip install torch transformers
    venv/bin/python test/golden/generators/winning_words.py MODEL_FOLDER OUT.golden.json

MODEL_FOLDER is what `termweave model pull` prints. Words are what BERT's own tokenizer calls a word (`word_ids`), those without a letter
or digit left out; the winner is the argmax of the masked-language model's logits over the positions of words.
"""

import json
import pathlib
import sys
from importlib.metadata import version

import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

TEXTS = [
    "how does a fox hunt in the snow",
    "What is the capital of Australia?",
    "symptoms of vitamin B12 deficiency in older adults",
    "javascript promises vs callbacks",
    "Can aspirin reduce cardiovascular mortality risk, and for whom?",
    "unbelievably antidisestablishmentarian phosphorylation",
]


def main(folder: str, out: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForMaskedLM.from_pretrained(folder).eval()
    cases = [case(tokenizer, model, text) for text in TEXTS]
    made_by = {name: version(name) for name in ["transformers", "tokenizers", "torch"]}
    lines = ",\n".join(json.dumps(one) for one in cases)
    pathlib.Path(out).write_text(f'{json.dumps({"made_by": made_by})[:-1]}, "texts": [\n{lines}\n]}}\n')


def case(tokenizer, model, text: str) -> dict:
    encoded = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    [offsets] = encoded.pop("offset_mapping").tolist()
    words = encoded.word_ids()
    spans = {}
    for (start, end), word in zip(offsets, words):
        if word is not None:
            spans[word] = (min(start, spans.get(word, (start, end))[0]), end)
    named = [None if word is None else text[slice(*spans[word])] for word in words]
    takes_part = torch.tensor([name is not None and any(c.isalnum() for c in name) for name in named])
    with torch.no_grad():
        [logits] = model(**encoded).logits
    ids = (logits.max(dim=0).values > 0).nonzero().flatten().tolist()
    winners = logits.masked_fill(~takes_part[:, None], -torch.inf).argmax(dim=0)
    return {"text": text, "ids": ids, "words": [named[winners[id]] for id in ids]}


main(*sys.argv[1:])
