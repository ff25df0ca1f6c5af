"""An engine's official Python client, as an application uses it: index, bulk helper, search, paging by scroll, count, multi search.

python_client.py opensearch|elasticsearch URL INDEX ID < BODY   prints one JSON object.
"""

import json
import sys

engine, url, index, new_id = sys.argv[1:]
search = json.load(sys.stdin)
if engine == "opensearch":
    from opensearchpy import OpenSearch as Client, __versionstr__
    from opensearchpy.helpers import bulk, scan
else:
    from elasticsearch import Elasticsearch as Client, __versionstr__
    from elasticsearch.helpers import bulk, scan

# Clients before 8 take the document and the search as `body` alone, the others take it too or want its parts.
by_parts = engine == "elasticsearch" and not __versionstr__.startswith("7.")
client = Client([url])
document = {"title": "quick fox", "body": "sea"}
one = client.index(index=index, id=new_id, **({"document": document} if by_parts else {"body": document}))
operations = [
    {"_index": index, "_id": f"{new_id}-{n}", "_source": {"title": f"lazy fox {n}", "body": "dog"}} for n in range(20)
]
written, failed = bulk(client, operations, chunk_size=7)
client.indices.refresh(index=index)
asked = search if by_parts else {"body": search}
found = client.search(index=index, **asked)
many = [{"index": index}, search, {}, search]
pages = list(scan(client, query={"query": search["query"]}, index=index, size=30, preserve_order=True))
print(
    json.dumps(
        {
            "client": __versionstr__,
            "result": one["result"],
            "written": written,
            "failed": failed,
            "hits": found["hits"],
            "count": client.count(index=index, **({"query": search["query"]} if by_parts else {"body": {"query": search["query"]}}))["count"],
            "multi": [
                answer["hits"]
                for answer in client.msearch(index=index, **({"searches": many} if by_parts else {"body": many}))["responses"]
            ],
            "scrolled": [hit["_id"] for hit in pages],
        }
    )
)
