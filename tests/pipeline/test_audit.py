"""Changes of controls in audit logs beside a model's own log."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.pipeline.governance import govern
from tests.logs.llm.test_cloudtrail import trail
from tests.pipeline.lab import FIRST, declared
from tests.pipeline.test_security import answered, watch

if TYPE_CHECKING:
    from tests.pipeline.lab import Lab

DAY = timedelta(days=1)
METRIC = "sec_23_controls"


def entry(day: float, name: str, **changes: Any) -> dict[str, Any]:
    at = (FIRST + day * DAY).isoformat()
    return trail(name, eventTime=at, eventID=f"{name} {day} {changes}", **changes)


def prepared(lab: Lab, *entries: dict[str, Any], **more: Any) -> None:
    lab.write(answered(6))
    (lab.root / "trail").mkdir(exist_ok=True)
    with gzip.open(lab.root / "trail" / "1.json.gz", "wt") as file:
        json.dump({"Records": [*entries, *entries]}, file)  # delivered twice
    lab.config = declared(labels=None, **{"security": {"audit": {"location": "trail/*"}}} | more)


def told(lab: Lab) -> list[str]:
    return [result.reason for result in lab.results(metric=METRIC)]


def test_a_change_fails_and_what_was_refused_does_not(lab: Lab) -> None:
    prepared(
        lab,
        entry(1.2, "DeleteGuardrail", errorCode="AccessDenied"),
        entry(2.5, "DeleteGuardrail"),
        entry(2.6, "UpdateGuardrail"),
        entry(2.7, "UpdateGuardrail"),
        entry(4.5, "InvokeModel"),
    )
    assert watch(lab, 1, 2, 3, 4, 5)[METRIC] == ["ok", "fail", "ok", "ok", "unknown"]
    assert told(lab) == [
        "no control was changed in 1 entries of the audit log",
        "guardrail changed (2), guardrail deleted (1), in 3 entries of the audit log",
        "no control was changed in 0 entries of the audit log",
        "no control was changed in 1 entries of the audit log",
        # the log has ended: nobody knows what was done since
        "the audit log has no entry from this window on",
    ]


def test_a_place_with_nothing_to_read_is_unknown_and_says_so(lab: Lab) -> None:
    prepared(lab, security={"audit": {"location": "nowhere/*.json"}})
    assert watch(lab, 2)[METRIC] == ["unknown"]
    assert told(lab)[0].startswith("the audit log cannot be read: No file or table at 'nowhere/")


def test_a_caller_who_reads_keys_again_and_again(lab: Lab) -> None:
    listed = [
        {"category": "Audit", "operationName": "ListKey", "correlationId": f"c{day}-{n}",
         "time": (FIRST + day * DAY + n * timedelta(seconds=9)).isoformat(), "resourceId": "/a",
         "properties": {"objectId": "thief" if n else "job"}, "resultSignature": "200"}
        for day in range(10)
        for n in range(300 if day == 9 else 2)
    ]  # fmt: skip
    prepared(lab, reference={"start": "2026-01-01", "end": "2026-01-09"})
    lab.write(answered(10))
    (lab.root / "trail" / "2.jsonl").write_text("\n".join(map(json.dumps, listed)))
    assert watch(lab, 8, 9)[METRIC] == ["ok", "fail"]
    assert told(lab)[1].startswith("299 readings of keys by one caller within an hour are ")


def test_logging_that_was_switched_off_breaks_the_promise_that_it_is_on(lab: Lab) -> None:
    prepared(
        lab,
        entry(2.5, "DeleteModelInvocationLoggingConfiguration"),
        entry(3.5, "DeleteGuardrail"),
        owner="ana@bank.example",
        governance={"purpose": "answers"},
    )
    assert watch(lab, 2, 3)[METRIC] == ["fail", "fail"]
    lab.at_once(lab.day(2), lab.day(3))
    govern(lab.model, lab.store, [lab.day(2), lab.day(3)], "run")
    found = {r.window.start: r for r in lab.results(metric="gov_22_logging_on")}
    off, on = found[lab.day(2).utc.start], found[lab.day(3).utc.start]
    assert (off.verdict, off.reason) == ("fail", "SEC-23 found: logging of calls switched off")
    assert on.verdict == "ok"


def test_the_identity_of_an_agent_is_used_from_elsewhere(lab: Lab) -> None:
    role = "arn:aws:iam::1:role/agent"
    issuer = {"sessionIssuer": {"type": "Role", "arn": role}}
    arn = "arn:aws:sts::1:assumed-role/agent/4711"
    who = {"type": "AssumedRole", "arn": arn, "sessionContext": issuer}
    runtime = {"addresses": ["203.0.113.9", "bedrock-agentcore.amazonaws.com"]}
    prepared(
        lab,
        entry(1.2, "InvokeModel", userIdentity=who),
        entry(1.3, "InvokeModel", userIdentity=who, sourceIPAddress=runtime["addresses"][1]),
        entry(1.4, "InvokeModel", sourceIPAddress="198.51.100.7"),  # somebody else
        entry(2.5, "InvokeModel", userIdentity=who),
        entry(2.6, "GetSecretValue", userIdentity=who, sourceIPAddress="198.51.100.7"),
        entry(4.5, "InvokeModel"),
        security={"audit": {"location": "trail/*", "agents": {role: runtime}}},
    )
    assert watch(lab, 1, 2, 3)["agt_12_foreign_use"] == ["ok", "fail", "unknown"]
    reasons = [result.reason for result in lab.results(metric="agt_12_foreign_use")]
    assert reasons == [
        "0 of 2 entries of agents' identities came from elsewhere",
        "1 of 2 entries of agents' identities came from elsewhere",
        "no entry of the audit log is of an agent's identity and tells where from",
    ]
