"""What the card promises of the log, from real files: regions, reviewers, personal data, age."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.pipeline.governance import card_of
from monitoring_pipelines.pipeline.promised import asks_of_the_log, log_facts
from tests.llm_logs import write
from tests.pipeline.lab import FIRST, declared, labels_of, rows
from tests.pipeline.test_governance import CARD, DAY, prepared, reason, run

if TYPE_CHECKING:
    import pandas as pd

    from tests.pipeline.lab import Lab

KEPT = {"at_least": "183d", "at_most": "365d"}


def logged(lab: Lab, log: pd.DataFrame, **governance: Any) -> None:
    lab.write(log, labels_of(log, timedelta(hours=1)))
    columns = {"id": "id", "timestamp": "at", "prediction_score": "score"}
    lab.config = declared(
        predictions={"location": "log.parquet", "columns": columns}, governance=governance
    )


def test_a_card_that_asks_nothing_of_the_log_reads_nothing(lab: Lab) -> None:
    prepared(lab)
    assert not asks_of_the_log(card_of(lab.config))
    (lab.root / "log.parquet").unlink()
    found = log_facts(lab.model, card_of(lab.config), lab.store, [lab.day(2)], FIRST)
    assert found[lab.day(2)].problem == ""


def test_regions_models_and_reviewers(lab: Lab) -> None:
    log = rows(n_days=4)
    log["region"] = np.where(log["at"] >= FIRST + 3 * DAY, "us-east-1", "eu-central-1")
    log["agent"], log["who"] = "helper", np.where(log["id"] % 2 == 0, "ana", None)
    promised = {
        "runs_in": {"region": ["eu-central-1"]},
        "models": {"column": "agent", "names": ["other"]},
        "oversight": {"reviewer": "who", "review_rate": 0.9},
    }
    logged(lab, log, **promised)
    found = run(lab, 2, 3)
    assert found["gov_19"] == ["ok", "fail"]
    assert found["gov_20"] == ["fail", "fail"]
    assert found["gov_14"] == ["warn", "warn"]
    assert reason(lab, 3, "gov_19_region").endswith(": us-east-1")
    assert "20 of 40 decisions were reviewed" in reason(lab, 2, "gov_14_oversight")


def test_personal_data_is_found_and_no_value_of_it_is_told(lab: Lab) -> None:
    log = rows(n_days=4)
    log["note"] = [f"call ana{i}@bank.org" for i in range(len(log))]
    # one in ten numbers of sixteen digits is a card by chance
    numbers = np.random.default_rng(3).integers(4 * 10**15, 5 * 10**15, size=len(log))
    log["account"] = numbers
    log["card"] = "4111 1111 1111 1111"  # the one that everybody tests with
    log.loc[log.index[:120], "card"] = [
        ["4111111111111111", "5500000000000004", "340000000000009"][i % 3] for i in range(120)
    ]
    logged(lab, log, personal_data=["contact"])
    assert run(lab, 2)["gov_13"] == ["fail"]
    told = reason(lab, 2, "gov_13_personal_data")
    assert told == (
        "card holds payment_card (40); note holds email (40), and the card says it holds none"
    )
    logged(lab, log, personal_data=["note", "card"])
    assert run(lab, 2)["gov_13"] == ["ok"]


def test_what_answers_of_raw_logs_hold_is_known_from_the_reader(lab: Lab) -> None:
    lines = []
    for number in range(120):
        said = "Your IBAN is GB82 WEST 1234 5698 7654 32." if number == 100 else "Fine."
        choice = {"message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        at = int((FIRST + number * DAY / 30).timestamp())
        lines.append(
            {"object": "chat.completion", "id": f"c{number}", "created": at, "model": "m",
             "choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 5}}
        )  # fmt: skip
    write(lab.root / "calls.jsonl", lines)
    lab.config = declared(
        task="llm", labels=None, predictions={"location": "calls.jsonl", "format": "llm"},
        governance={"personal_data": []},
    )  # fmt: skip
    card = card_of(lab.config)
    found = log_facts(lab.model, card, lab.store, [lab.day(2), lab.day(3)], FIRST)
    before, after = (found[lab.day(number)].personal or {} for number in (2, 3))
    assert not any(before.values())
    assert {name: kinds for name, kinds in after.items() if kinds} == {
        "output_findings": {"iban": 1}
    }


def test_rows_that_were_deleted_too_early_and_rows_that_should_be_gone(lab: Lab) -> None:
    log = rows(n_days=10)
    logged(lab, log, log_retention=KEPT)

    def kept(days: int) -> Any:
        facts = log_facts(
            lab.model, card_of(lab.config), lab.store, [lab.day(5)], FIRST + days * DAY
        )
        return facts[lab.day(5)].kept

    lab.run(lab.day(2), lab.day(3))
    assert (kept(100).oldest_due, kept(100).n_due, kept(100).n_too_old) == (lab.day(2).utc, 40, 0)
    # on the first day after a year the rows of the first day are too old
    assert kept(366).n_too_old == 40
    assert kept(366).oldest_due is None
    lab.write(log[log["at"] >= FIRST + 4 * DAY], labels_of(log, timedelta(hours=1)))
    assert kept(100).n_due == 0


def test_a_log_that_cannot_be_read_is_unknown(lab: Lab) -> None:
    prepared(lab, governance=CARD | {"runs_in": {"kind": ["a"]}})
    lab.run(lab.day(2))
    (lab.root / "log.parquet").write_text("no parquet")
    facts = log_facts(lab.model, card_of(lab.config), lab.store, [lab.day(2)], FIRST)
    assert facts[lab.day(2)].problem.startswith("the log cannot be read: ")
