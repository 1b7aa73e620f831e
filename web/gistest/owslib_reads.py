# Reads the features of a server with OWSLib and prints what it found as JSON, for
# the Go test beside it to compare: python3 owslib_reads.py http://host/ogc
import json
import sys

from owslib.ogcapi.features import Features


def ids(page):
    return [f["id"] for f in page["features"]]


def walk(server, collection, **query):
    """The ids of all pages; a page names the next one by the link next."""
    page = server.collection_items(collection, **query)
    found, pages = ids(page), 1
    while True:
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            return found, pages
        # OWSLib follows no link itself: what a page of it does is in its query
        from urllib.parse import parse_qsl, urlsplit
        page = server.collection_items(collection, **dict(parse_qsl(urlsplit(following[0]).query)))
        found += ids(page)
        pages += 1


server = Features(sys.argv[1])
walked, pages = walk(server, "incidents", limit=20)
first = server.collection_items("incidents", limit=1)["features"][0]
json.dump({
    "collections": server.feature_collections(),
    "conformance": len(server.conformance()["conformsTo"]),
    "openapi": server.api()["openapi"],
    "queryables": sorted(server.collection_queryables("incidents")["properties"]),
    "extent": server.collection("incidents")["extent"]["spatial"]["bbox"][0],
    "all": walked,
    "pages": pages,
    "box": ids(server.collection_items("incidents", bbox=[10, 54, 25, 60])),
    "limit": ids(server.collection_items("incidents", limit=7)),
    "time": ids(server.collection_items("incidents", datetime="2022-01-01T00:00:00Z/..")),
    "filter": ids(server.collection_items("incidents", filter="severity = 'high_risk'")),
    "one": server.collection_item("incidents", first["id"])["properties"] == first["properties"],
}, sys.stdout)
