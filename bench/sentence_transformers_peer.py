"""The peer of encode.ts: sentence-transformers on the same weights. One JSON line in, one out, until stdin ends."""

import json
import resource
import sys
import time
from importlib.metadata import version

import torch
from sentence_transformers import SparseEncoder
from sentence_transformers.sparse_encoder.modules import MLMTransformer, SpladePooling

folder, threads, max_tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
encoder = SparseEncoder(
    modules=[MLMTransformer(folder, max_seq_length=max_tokens), SpladePooling("max")], device="cpu"
)
for line in sys.stdin:
    task = json.loads(line)
    cpu, start = time.process_time(), time.perf_counter()
    if task["each"]:
        times = []
        for text in task["texts"]:
            begun = time.perf_counter()
            encoder.encode([text], show_progress_bar=False)
            times.append(1000 * (time.perf_counter() - begun))
    else:
        times = []
        encoder.encode(task["texts"], batch_size=task["batch"], show_progress_bar=False)
    answer = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "times": times,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "version": version("sentence-transformers"),
    }
    print(json.dumps(answer), flush=True)
