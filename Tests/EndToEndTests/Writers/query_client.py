"""query_client.py URL: asks the query API what a script of somebody's would ask, and what an attacker would; a line for each."""
import gzip
import sys
import urllib.error
import urllib.parse
import urllib.request


def ask(name, path, data=None, headers={}):
    request = urllib.request.Request(sys.argv[1] + "/api/v1/" + path, data=data, headers=headers)
    try:
        answer = urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    body = answer.read()
    if answer.headers["content-encoding"] == "gzip":
        body = gzip.decompress(body)
    print(name, answer.status, body.decode()[:60].strip())


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


ask("get", "query?query=1")
ask("post", "query", form(query="1+1", time=5))
ask("gzip", "query_range?query=vector(1)&start=0&end=1000&step=1", headers={"Accept-Encoding": "gzip"})
ask("points", "query_range?query=vector(1)&start=0&end=11001&step=1")
ask("percent", "query?query=%zz")
ask("named", "query?query=1", headers={"Host": "evil.example"})
ask("long", "query", form(query="(" * 50_000))
ask("wide", "query", form(query="+".join(["1"] * 50_000)))
ask("giant", "query", b"query=" + b"a" * (4 << 20))
ask("origin", "query?query=1", headers={"Origin": "http://evil.example"})
ask("again", "query?query=2")
