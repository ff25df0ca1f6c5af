"""Reads an exported folder as scipy, as the BigANN track's readers (numpy.memmap) and as ciff-toolkit do, and prints what each sees
as JSON. Arguments: csr FOLDER | ciff FOLDER."""

import json
import pathlib
import sys


def csr(folder):
    import numpy as np
    import scipy.sparse

    tokens = [json.loads(line) for line in (folder / "vocabulary.jsonl").open(encoding="utf-8")]
    seen = {}
    for side in ("documents", "queries"):
        ids = [json.loads(line) for line in (folder / f"{side}.ids.jsonl").open(encoding="utf-8")]
        saved = scipy.sparse.load_npz(folder / f"{side}.npz")
        rows, columns, entries = np.fromfile(folder / f"{side}.csr", dtype=np.int64, count=3)
        indptr = np.memmap(folder / f"{side}.csr", dtype=np.int64, mode="r", offset=24, shape=rows + 1)
        at = 24 + 8 * (rows + 1)
        indices = np.memmap(folder / f"{side}.csr", dtype=np.int32, mode="r", offset=at, shape=entries)
        data = np.memmap(folder / f"{side}.csr", dtype=np.float32, mode="r", offset=at + 4 * entries, shape=entries)
        mapped = scipy.sparse.csr_matrix((data, indices, indptr), shape=(rows, columns))
        assert saved.shape == mapped.shape == (len(ids), len(tokens)), (saved.shape, mapped.shape)
        assert saved.has_canonical_format and saved.dtype == np.float32
        assert (saved != mapped).nnz == 0
        seen[side] = [
            {"id": ids[row], "terms": {tokens[c]: float(w) for c, w in zip(saved[row].indices, saved[row].data)}}
            for row in range(rows)
        ]
    return seen


def ciff(folder):
    from ciff_toolkit.read import CiffReader

    with CiffReader(folder / "documents.ciff") as reader:
        header = reader.read_header()
        terms = {}
        names = []
        for postings in reader.read_postings_lists():
            assert postings.df == len(postings.postings) and postings.cf == sum(p.tf for p in postings.postings)
            names.append(postings.term)
            document = 0
            for posting in postings.postings:
                document += posting.docid
                terms.setdefault(document, {})[postings.term] = posting.tf
        assert names == sorted(names, key=lambda name: name.encode()), "terms out of order"
        documents = []
        for record in reader.read_documents():
            found = terms.get(record.docid, {})
            assert record.doclength == sum(found.values())
            documents.append({"id": record.collection_docid, "terms": found})
        assert header.num_docs == header.total_docs == len(documents)
        assert header.total_terms_in_collection == sum(sum(d["terms"].values()) for d in documents)
    return {"documents": documents}


print(json.dumps({"csr": csr, "ciff": ciff}[sys.argv[1]](pathlib.Path(sys.argv[2]))))
