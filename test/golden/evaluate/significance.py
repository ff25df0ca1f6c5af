"""Writes significance.golden.json: p values of scipy's permutation_test and statsmodels' Holm correction.

python -m venv v && v/bin/pip install scipy==1.17.1 statsmodels==0.15.0 && v/bin/python significance.py
"""
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.stats import permutation_test
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(5)


def case(n, shift):
    a = np.round(rng.beta(1, 1.5, n), 4)
    b = np.round(np.clip(a + rng.normal(shift, 0.15, n), 0, 1), 4)
    b[: n // 4] = a[: n // 4]  # queries on which both do the same
    result = permutation_test((a, b), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples",
                              vectorized=True, n_resamples=200_000, rng=np.random.default_rng(1), batch=2000)
    return {"a": a.tolist(), "b": b.tolist(), "difference": float(np.mean(a - b)), "p": float(result.pvalue)}


exact = [case(n, shift) for n, shift in [(4, 0.1), (8, 0.1), (12, 0.05), (14, 0.0), (16, -0.1)]]
drawn = [case(n, shift) for n, shift in [(50, 0.03), (100, 0.02), (300, 0.01), (323, 0.0)]]
p_values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.04]
out = {"generator": "significance.py", "versions": {p: version(p) for p in ["scipy", "numpy", "statsmodels"]},
       "exact": exact, "drawn": drawn,
       "holm": {"p": p_values, "adjusted": multipletests(p_values, method="holm")[1].tolist()}}
Path(__file__).with_name("significance.golden.json").write_text(json.dumps(out) + "\n")
