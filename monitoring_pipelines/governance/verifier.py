"""Verify an evidence export with Python 3.8 or newer and nothing else.

python verify.py [NUMBER:HASH ...] [KEYFILE ...]

Give the heads that you hold, as the digests showed them, and the files with the keys if records
are sealed with one. Exit code 0 if all is as it was written, 1 if not.
"""

import csv
import hashlib
import hmac
import json
import re
import sys
from pathlib import Path
from typing import Any


def known(folder: Path, arguments: "list[str]") -> "tuple[dict[str, bytes], dict[int, str]]":
    """Keys by their ids, and anchors by their numbers."""
    keys, anchors = {}, {}
    for text in arguments:
        if Path(text).is_file():
            secret = Path(text).read_bytes().strip()
            keys[sealed(secret, b"monitoring-pipelines evidence")[:16]] = secret
        elif re.fullmatch("[0-9]+:[0-9a-f]{64}", text):
            anchors[int(text.split(":")[0])] = text.split(":")[1]
        else:
            sys.exit(f"{text} is neither NUMBER:HASH nor a file with a key")
    with (folder / "anchors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if anchors.setdefault(int(row["seq"]), row["hash"]) != row["hash"]:
                sys.exit(f"record {row['seq']} is not the one of your anchor")
    return keys, anchors


def chain(
    folder: Path, keys: "dict[str, bytes]", anchors: "dict[int, str]"
) -> "dict[str, tuple[int, str]]":
    """Follow the records; what they say of results, by what it is about."""
    seq, prev, is_keyed = 0, "0" * 64, False
    vouched: dict[str, tuple[int, str]] = {}
    emptied, n_emptied, told = hashlib.sha256(), 0, [0, hashlib.sha256().hexdigest()]
    for line in (folder / "evidence.jsonl").open(encoding="utf-8", newline="\n"):
        record = json.loads(line)
        seq, claimed, key = seq + 1, record.pop("hash"), record.get("key")
        if record == {"seq": seq, "emptied": True}:
            emptied.update(f"{seq}:{claimed}\n".encode())
            n_emptied += 1
        else:
            is_keyed = is_keyed or bool(key)
            if is_keyed and key not in keys:
                sys.exit(f"record {seq} needs the file with key {key}")
            secret = keys[key] if key else b""
            if (record.get("seq"), record.get("prev"), hashed(record, secret)) != (
                seq, prev, claimed,
            ):  # fmt: skip
                sys.exit(f"record {seq} was changed, or one before it is missing")
            told = claim(record, vouched) or told
        if anchors.pop(seq, claimed) != claimed:
            sys.exit(f"record {seq} is not the one of the anchor: the chain was rewritten")
        prev = claimed
    for is_wrong, said in (
        (anchors, f"record {seq + 1} is missing: an anchor names record {max(anchors, default=0)}"),
        (
            told != [n_emptied, emptied.hexdigest()],
            f"{n_emptied} records are empty, and the newest checkpoint tells of others",
        ),
        (keys and seq and not is_keyed, "a key was given, and no record has one"),
    ):
        if is_wrong:
            sys.exit(said)
    sys.stdout.write(f"{seq} records are as they were written. Head {seq}:{prev}\n")
    return vouched


def hashed(record: "dict[str, Any]", secret: bytes) -> str:
    """Hash of a record, from its canonical JSON."""
    body = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sealed(secret, body.encode())


def claim(record: "dict[str, Any]", vouched: "dict[str, tuple[int, str]]") -> "list[Any] | None":
    """Take what a record says of results; of a checkpoint also what it says of empty records."""
    for metric, n, told in record.get("rows", []):
        about = (record["model"], *record["window"], record["as_of"], metric)
        vouched[json.dumps(about)] = (n, told)
    if record.get("kind") != "checkpoint":
        return None
    for subject in [*vouched]:
        model, _, end, *_ = json.loads(subject)
        if model == record["model"] and end <= record["before"]:
            del vouched[subject]
    return [*record["emptied"]]


def results(folder: Path, vouched: "dict[str, tuple[int, str]]") -> None:
    """Compare the results with what the records say of them."""
    found: dict[str, list[str]] = {}
    for line in (folder / "results.jsonl").open(encoding="utf-8", newline="\n"):
        row = json.loads(line)
        metric = ("estimated " if row.get("status") == "estimated" else "") + row["metric"]
        place = [row[n] for n in ("model", "window_start", "window_end", "as_of")] + [metric]
        text = line.rstrip("\n").encode()
        found.setdefault(json.dumps(place), []).append(hashlib.sha256(text).hexdigest())
    for subject in sorted(vouched.keys() | found.keys()):
        rows = sorted(found.get(subject, []))
        if vouched.get(subject) != (len(rows), sealed(b"", "\n".join(rows).encode())):
            sys.exit(f"the results are not those of the records: {subject}")
    sys.stdout.write(f"{sum(len(rows) for rows in found.values())} results are theirs.\n")


def sealed(secret: bytes, data: bytes) -> str:
    """HMAC-SHA256 with a key, SHA-256 without."""
    return (hmac.new(secret, data, "sha256") if secret else hashlib.sha256(data)).hexdigest()


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    results(here, chain(here, *known(here, sys.argv[1:])))
