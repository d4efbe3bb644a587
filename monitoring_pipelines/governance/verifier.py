"""Verify an evidence export with Python 3.8 or newer and nothing else.

python verify.py [NUMBER:HASH ...] [KEYFILE ...]

Give the heads that you hold, as the digests showed them, and the files with the keys if records
are sealed with one. Exit code 0 if all is as it was written, 1 if not.
"""

import csv
import hashlib
import hmac
import json
import sys
from pathlib import Path


def known(folder: Path, arguments: "list[str]") -> "tuple[dict[str, bytes], dict[int, str]]":
    """Keys by their ids, and anchors by their numbers."""
    keys, anchors = {}, {}
    for text in arguments:
        if Path(text).is_file():
            secret = Path(text).read_bytes().strip()
            keys[sealed(secret, b"monitoring-pipelines evidence")[:16]] = secret
        else:
            anchors[int(text.split(":")[0])] = text.split(":")[1]
    with (folder / "anchors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if anchors.setdefault(int(row["seq"]), row["hash"]) != row["hash"]:
                sys.exit(f"record {row['seq']} is not the one of your anchor")
    return keys, anchors


def chain(
    folder: Path, keys: "dict[str, bytes]", anchors: "dict[int, str]"
) -> "dict[str, tuple[int, str]]":
    """Follow the records; what they say of results, by what it is about."""
    seq, prev, is_keyed, vouched = 0, "0" * 64, False, {}
    for line in (folder / "evidence.jsonl").open(encoding="utf-8", newline="\n"):
        record = json.loads(line)
        seq, claimed, key = seq + 1, record.pop("hash"), record.get("key")
        is_keyed = is_keyed or bool(key)
        if is_keyed and key not in keys:
            sys.exit(f"record {seq} needs the file with key {key}")
        body = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        made = sealed(keys[key] if key else b"", body.encode())
        if (record.get("seq"), record.get("prev"), made) != (seq, prev, claimed):
            sys.exit(f"record {seq} was changed, or one before it is missing")
        if anchors.pop(seq, claimed) != claimed:
            sys.exit(f"record {seq} is not the one of the anchor: the chain was rewritten")
        prev = claimed
        for metric, n, told in record.get("rows", []):
            about = (record["model"], *record["window"], record["as_of"], metric)
            vouched[json.dumps(about)] = (n, told)
    if anchors:
        sys.exit(f"record {seq + 1} is missing: an anchor names record {max(anchors)}")
    sys.stdout.write(f"{seq} records are as they were written. Head {seq}:{prev}\n")
    return vouched


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
