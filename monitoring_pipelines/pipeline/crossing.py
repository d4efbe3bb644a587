"""Personal data that one user wrote and another one was told, within one window.

What five users or more wrote is public: the address of a shop, the number of a hotline.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.texts import candidates, count_texts
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.security.facts import INPUT, OUTPUT
from monitoring_pipelines.security.scanners.personal_data import MISSED, PERSONAL_DATA
from monitoring_pipelines.summaries.occurrences import Occurrences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.backends.duckdb.rows import Rows

PUBLIC = 5


def crossed(rows: Rows, roles: Mapping[str, str]) -> Occurrences:
    """Answers with something that only others had written; kinds with the number of answers.

    Values are compared by a hash whose key is drawn here and forgotten.
    """
    hashes, asked, answered, user = Hashes(), roles[INPUT], roles[OUTPUT], roles["end_user"]
    owners: dict[str, set[str | None]] = defaultdict(set)
    for text, (who,), _ in candidates(rows, asked, PERSONAL_DATA.hint, [user]):
        for _, name in _values(hashes, text):
            owners[name].add(hashes.personal(who))
    counts: dict[str, int] = defaultdict(int)
    n = count_texts(rows, answered)
    for text, (who,), count in candidates(rows, answered, PERSONAL_DATA.hint, [user]):
        me = hashes.personal(who)
        told = {
            kind
            for kind, name in _values(hashes, text)
            if me is not None and 0 < len(owners.get(name, ())) < PUBLIC and me not in owners[name]
        }
        for kind in told:
            counts[kind] += count
    return Occurrences(n, dict(sorted(counts.items())))


def _values(hashes: Hashes, text: str) -> list[tuple[str, str]]:
    found = (hit for hit in PERSONAL_DATA.scan(text) if not hit.kind.endswith(MISSED))
    return [(hit.kind, hashes.personal(f"{hit.kind} {hit.value}") or "") for hit in found]
