"""Model cards as the hub has them: metadata, the template's sections, and mistakes with lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards.document import read_document
from monitoring_pipelines.pipeline.cards.huggingface import read_card

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.pipeline.cards.draft import Draft

META = """\
license: apache-2.0
datasets: [imdb, glue, imdb]
pipeline_tag: text-classification
model-index:
- name: x
  results:
  - task: {type: text-classification}
    dataset: {name: IMDB, type: imdb}
    metrics: [{type: accuracy, value: 0.93}, {type: f1, name: F1, value: 0.9}]
"""
# headings of the hub's template, where some were left as they are
TEXT = """\
# Model Card for x
<!-- Provide a quick summary of what the model is/does. -->
## Model Details
- **Developed by:** Ana Lee, Bo
- **License:** [More Information Needed]
## Uses
<!-- Address questions around how the model is intended to be used. -->
### Direct Use
<!-- This section is for the model use without fine-tuning. -->
Sorts reviews
by sentiment.

More of it.
### Out-of-Scope Use
[More Information Needed]
"""


def read(folder: Path, meta: str = META, text: str = TEXT) -> Draft:
    (folder / "README.md").write_text(f"---\n{meta}---\n{text}", encoding="utf-8")
    return read_card(read_document(folder / "README.md"))


def test_what_fits_is_filled_and_the_rest_is_told(tmp_path: Path) -> None:
    draft = read(tmp_path)
    assert draft.filled == {
        "purpose": "Sorts reviews by sentiment.",
        "authors": ["Ana Lee", "Bo"],
        "data_sources": [{"name": "imdb"}, {"name": "glue"}],
    }
    assert draft.notes[1:] == [
        "license: apache-2.0",
        "pipeline_tag: text-classification",
        "reported accuracy 0.93 on IMDB",
        "reported F1 0.9 on IMDB",
    ]
    # a reported result is no threshold, and an empty section promises nothing
    assert {"metrics", "prohibited_uses", "approved_versions"} <= {*draft.left}


def test_a_card_without_a_text_or_metadata(tmp_path: Path) -> None:
    assert read(tmp_path, "license: mit\n", "").filled == {}
    assert read(tmp_path, "", "## Intended uses & limitations\nTo rank.\n").filled == {
        "purpose": "To rank."
    }


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ("license: mit\ndatasets: [1]\n", "README.md:3: `datasets` is a list of names"),
        ("model-index: x\n", "README.md:2: `model-index` is a list"),
        ("a: 1\nmodel-index:\n- name: x\n", "README.md:4: a model without a list `results`"),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, meta: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, meta)
