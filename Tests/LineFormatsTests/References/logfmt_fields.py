"""What a line of logfmt says: for each line of standard input one of output, as json_fields.py has them.

The grammar is written down once more here, as regular expressions over characters that are bytes.
"""

import json
import re
import sys

KEY = r'[^\x00-\x20="]+'
PAIR = re.compile(rf'(?P<key>{KEY})=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>(?!")[^\x00-\x20"]*)(?![^\x00-\x20]))', re.DOTALL)
FLAG = re.compile(rf'(?P<key>{KEY})(?![^\x00-\x20])')
GAP = re.compile(r"[\x00-\x20]*")
ESCAPE = re.compile(r"((?:\\u[0-9A-Fa-f]{4})+)|\\(.)", re.DOTALL)
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/", "'": "'"}


def units(match):
    run, letter = match.groups()
    if letter is not None:
        return LETTERS.get(letter, "\\" + letter)
    data = b"".join(int(unit, 16).to_bytes(2, "big") for unit in run.split("\\u")[1:])
    text = data.decode("utf-16-be", "surrogatepass")
    lone = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return lone.encode().decode("latin-1")


def answer(line, keys):
    found = {}
    offset = GAP.match(line).end()
    while offset < len(line):
        match = PAIR.match(line, offset) or FLAG.match(line, offset)
        if not match:
            return None
        parts = match.groupdict()
        if "bare" not in parts:
            value = ["flag", ""]
        elif parts["quoted"] is not None:
            value = ["string", ESCAPE.sub(units, parts["quoted"])]
        else:
            value = ["string", parts["bare"]]
        found[parts["key"]] = [value[0], value[1].encode("latin-1").hex()]
        offset = GAP.match(line, match.end()).end()
    return [found.get(key.encode().decode("latin-1")) for key in keys]


for question in sys.stdin:
    text, *keys = json.loads(question)
    print(json.dumps(answer(bytes.fromhex(text).decode("latin-1"), keys)))
