"""The peer of service-load.ts: sentence-transformers on the same weights behind FastAPI, as its documentation would have one write it.

    python bench/fastapi_peer.py MODEL_FOLDER PORT THREADS MAX_TOKENS
"""

import resource
import sys

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sentence_transformers import SparseEncoder
from sentence_transformers.sparse_encoder.modules import MLMTransformer, SpladePooling

folder, port, threads, max_tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
encoder = SparseEncoder(modules=[MLMTransformer(folder, max_seq_length=max_tokens), SpladePooling("max")], device="cpu")
app = FastAPI()


class Request(BaseModel):
    inputs: str | list[str]


@app.post("/encode")
def encode(request: Request):
    """FastAPI runs this in its thread pool, so requests wait for one another in torch, not in the loop. Batches of 1 are this model's best."""
    texts = [request.inputs] if isinstance(request.inputs, str) else request.inputs
    vectors = encoder.encode(texts, batch_size=1, show_progress_bar=False)
    return [dict(terms) for terms in encoder.decode(vectors)] if len(texts) > 1 else [dict(encoder.decode(vectors[0]))]


@app.get("/memory")
def memory():
    return {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
