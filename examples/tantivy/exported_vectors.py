"""Indexes what `termweave export tantivy` has written, by its bit terms and stock queries, and prints the hits of its queries as a
TREC run. The scores are the dot products. Arguments: the export's folder, and how many hits a query. Needs `pip install tantivy==0.27.0`."""

import gzip
import json
import pathlib
import sys

import tantivy
from tantivy import Occur, Query


def lines(file):
    opened = gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8")
    with opened:
        for line in opened:
            yield json.loads(line)


def index_of(folder):
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    # The export separates terms by single blanks; nothing but white space may split them.
    builder.add_text_field("bits", stored=False, tokenizer_name="whitespace", index_option="basic")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for part in sorted((folder / "documents").iterdir()):
        for line in lines(part):
            document = tantivy.Document()
            document.add_text("id", line["id"])
            document.add_text("bits", line["bits"])
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def query_of(index, impacts, separator, bits):
    """A bit is worth its place value times the query's weight wherever it stands."""
    clauses = []
    for token, weight in impacts.items():
        for bit in range(bits):
            term = Query.term_query(index.schema, "bits", f"{token}{separator}{bit}", index_option="basic")
            clauses.append((Occur.Should, Query.const_score_query(term, float(weight << bit))))
    return Query.boolean_query(clauses)


def main(folder, hits):
    facts = json.loads((folder / "tantivy.json").read_text(encoding="utf-8"))
    index = index_of(folder)
    searcher = index.searcher()
    queries = next(file for file in sorted(folder.iterdir()) if file.name.startswith("queries.jsonl"))
    for line in lines(queries):
        query = query_of(index, line["impacts"], facts["separator"], facts["bits"])
        for rank, (score, address) in enumerate(searcher.search(query, hits).hits, start=1):
            print(line["id"], "Q0", searcher.doc(address)["id"][0], rank, score, "tantivy")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
