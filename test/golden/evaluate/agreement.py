"""Writes agreement.golden.json: extrapolated rank-biased overlap (p = 0.9) by the package rbo.

python -m venv v && v/bin/pip install rbo==0.1.3 && v/bin/python agreement.py
"""
import json
import random
from importlib.metadata import version
from pathlib import Path

import rbo

random.seed(11)
ids = [f"d{i}" for i in range(30)]
pairs = [([], []), ([], ids[:3]), (ids[:4], []), (ids[:5], ids[:5]), (ids[:5], ids[5:10]), (ids[:3], ids[:8])]
pairs += [(random.sample(ids, random.randint(1, 20)), random.sample(ids, random.randint(1, 20))) for _ in range(60)]
cases = [{"ranking": a, "reference": b, "rbo": rbo.RankingSimilarity(a, b).rbo_ext(p=0.9)} for a, b in pairs]
out = {"generator": "agreement.py", "versions": {"rbo": version("rbo")}, "cases": cases}
Path(__file__).with_name("agreement.golden.json").write_text(json.dumps(out) + "\n")
