"""Writes measures.golden.json: per-query values of trec_eval (pytrec_eval-terrier) and ir_measures for runs with ties,
unjudged and missing queries, negative grades, scores that only differ past float32, and ids past U+FFFF.

python -m venv v && v/bin/pip install pytrec_eval-terrier==0.5.11 ir_measures==0.4.3 && v/bin/python measures.py
"""
import json
import random
from importlib.metadata import version
from pathlib import Path

import ir_measures
import pytrec_eval

random.seed(7)
qrels, run = {}, {}
for q in range(24):
    ids = [f"d{i}" for i in range(40)] + ["\uff5e", "\U0001f98a", "é", "Z", "z"]
    qrels[f"q{q}"] = {d: random.choice([-1, 0, 0, 1, 1, 2, 3]) for d in random.sample(ids, 18)}
    if q % 8 == 7:
        continue  # judged, but nothing was found for it
    scores = [random.choice([1.0, 2.0, 2.0, 16777216.0, 16777217.0, 1 + 1e-9, random.random()]) for _ in range(25)]
    run[f"q{q}"] = dict(zip(random.sample(ids, 25), scores))
qrels["none relevant"] = {"d1": 0, "d2": 0}
run["none relevant"] = {"d2": 1.0, "d9": 1.0}
run["nobody judged"] = {"d1": 1.0}

trec = {"nDCG@10": "ndcg_cut_10", "nDCG": "ndcg", "AP": "map", "AP@5": "map_cut_5", "RR": "recip_rank", "P@5": "P_5",
        "R@5": "recall_5", "R@100": "recall_100", "Success@5": "success_5"}
names = {"ndcg_cut.10", "ndcg", "map", "map_cut.5", "recip_rank", "P.5", "recall.5,100", "success.5"}
found = pytrec_eval.RelevanceEvaluator(qrels, names).evaluate(run)
grade2 = pytrec_eval.RelevanceEvaluator(qrels, {"P.5", "map", "recall.5"}, relevance_level=2).evaluate(run)
expected = {q: {ours: values[theirs] for ours, theirs in trec.items()} for q, values in found.items()}
for q, values in grade2.items():
    expected[q] |= {"P(rel=2)@5": values["P_5"], "AP(rel=2)": values["map"], "R(rel=2)@5": values["recall_5"]}

# Judged@k on runs without ties: ir_measures orders ties by rising id, trec_eval by falling id.
untied = {q: {d: 1 / (r + 1) for r, d in enumerate(sorted(scores))} for q, scores in run.items()}
judged = {m.query_id: m.value for m in ir_measures.iter_calc([ir_measures.Judged @ 10], qrels, untied)}

out = {"generator": "measures.py", "versions": {p: version(p) for p in ["pytrec_eval-terrier", "ir_measures"]},
       "qrels": qrels, "run": run, "expected": expected, "untied": untied, "judged": {"Judged@10": judged}}
Path(__file__).with_name("measures.golden.json").write_text(json.dumps(out, ensure_ascii=True) + "\n")
