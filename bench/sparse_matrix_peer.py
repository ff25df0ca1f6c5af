"""The peers of memory-engine.ts: exact top k by scipy's CSR and by splade-index 0.2 (PyPI), on vectors from files.

python -m venv venv && venv/bin/pip install scipy splade-index
Says on a line how large its matrices are; then, for each line that it reads, times every query once with each.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from splade_index import SPLADE

folder, k = Path(sys.argv[1]), int(sys.argv[2])


def vectors(prefix):
    return [np.fromfile(folder / f"{prefix}{name}", kind) for name, kind in
            [("ids", np.uint32), ("weights", np.float32), ("sizes", np.uint32)]]


ids, weights, sizes = vectors("")
starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
drawn = np.fromfile(folder / "drawn", np.uint32)
columns = int(ids.max()) + 1
every = csr_matrix((weights, ids.astype(np.int32), starts), shape=(len(sizes), columns))
matrix = every[drawn]
query_ids, query_weights, query_sizes = vectors("query-")
query_starts = np.concatenate([[0], np.cumsum(query_sizes)]).astype(np.int64)
queries = [(query_ids[a:b], query_weights[a:b]) for a, b in zip(query_starts, query_starts[1:])]

csc = matrix.tocsc()
index = SPLADE(backend="numpy")
index.scores = {"data": csc.data, "indices": csc.indices, "indptr": csc.indptr, "num_docs": matrix.shape[0]}
index.unique_token_ids_set = {i for i in range(columns) if csc.indptr[i] < csc.indptr[i + 1]}


def size(sparse):
    return sum(array.nbytes for array in (sparse.data, sparse.indices, sparse.indptr))


def by_scipy(query):
    dense = np.zeros(columns, np.float32)
    inside = query[0] < columns
    dense[query[0][inside]] = query[1][inside]
    scores = matrix @ dense
    top = np.argpartition(-scores, k)[:k]
    return scores[top[np.argsort(-scores[top])]]


def by_splade_index(query):
    scores, _ = index._get_top_k_results(query[0].astype(np.int64), query[1], k=k, backend="numpy", sorted=True)
    return scores


def timed(search):
    times, found = [], []
    for query in queries:
        start = time.perf_counter()
        scores = search(query)
        times.append((time.perf_counter() - start) * 1000)
        found.append([float(score) for score in scores])
    return times, found


print(json.dumps({"scipyBytes": size(matrix), "spladeIndexBytes": size(csc)}), flush=True)
for line in sys.stdin:
    scipy_times, scores = timed(by_scipy)
    print(json.dumps({"scipy": scipy_times, "splade-index": timed(by_splade_index)[0], "scores": scores}), flush=True)
