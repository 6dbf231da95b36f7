"""What Python's json says of lines: for each line of standard input one of output.

A line is a JSON list: the text as hexadecimal bytes, and the paths. The answer is null when the text
is no JSON object, or else a list with a value for each path: null when absent, or [kind, text as hexadecimal bytes].

Bytes that are no ASCII are carried through it as characters of plane 16, so that text in no encoding passes.
"""

import json
import sys

PLANE = 0x10FF00


class Number(str):
    """A number as it is written."""


def decode(data):
    return "".join(chr(byte) if byte < 0x80 else chr(PLANE + byte) for byte in data)


def encode(text):
    data = bytearray()
    for character in text:
        code = ord(character)
        if PLANE + 0x80 <= code <= PLANE + 0xFF:
            data.append(code - PLANE)
        elif 0xD800 <= code <= 0xDFFF:
            data += "\ufffd".encode()
        else:
            data += character.encode()
    return data.hex()


def find(value, path):
    """The value at the path with the shortest keys, as a list of one; none when there is none."""
    if not path:
        return [value]
    for count in range(1, len(path) + 1):
        key = ".".join(path[:count])
        inner = None
        if isinstance(value, dict) and encode(key) in value:
            inner = value[encode(key)]
        elif isinstance(value, list) and key.isdigit() and str(int(key)) == key and int(key) < len(value):
            inner = value[int(key)]
        else:
            continue
        found = find(inner, path[count:])
        if found:
            return found
    return []


def describe(value):
    if value is None:
        return ["null", ""]
    if value is True or value is False:
        return [str(value).lower(), ""]
    if isinstance(value, Number):
        return ["number", encode(value)]
    if isinstance(value, str):
        return ["string", encode(value)]
    return ["object" if isinstance(value, dict) else "array", ""]


def members(pairs):
    """An object with its keys as hexadecimal bytes, which are the same however a character is written."""
    return {encode(key): value for key, value in pairs}


def answer(data, paths):
    try:
        document = json.loads(
            decode(data), parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=members
        )
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    found = [find(document, path.split(".")) for path in paths]
    return [describe(each[0]) if each else None for each in found]


for line in sys.stdin:
    text, *paths = json.loads(line)
    print(json.dumps(answer(bytes.fromhex(text), paths)))
