"""Entries of audit logs that change a control, and those that do not."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.controls import CONTROLS, LOGGING, WIDE_KEY, control


@pytest.mark.parametrize(
    ("kind", "scopes", "what"),
    [
        ("bedrock.DeleteGuardrail", None, "guardrail deleted"),
        ("bedrock.UpdateGuardrail", None, "guardrail changed"),
        ("bedrock.CreateGuardrail", None, None),
        ("bedrock.InvokeModel", None, None),
        ("MICROSOFT.COGNITIVESERVICES/ACCOUNTS/RAIPOLICIES/WRITE", None, "content filter changed"),
        ("Microsoft.Insights/diagnosticSettings/delete", None, "logging of calls switched off"),
        ("ip_allowlist.config.activated", None, None),
        ("ip_allowlist.config.deactivated", None, "allow-list of addresses switched off"),
        ("api_key.created", "models:read", None),
        ("api_key.created", None, None),
        ("api_key.created", "models:read models:write", None),
        ("api_key.created", "all models:write", WIDE_KEY),
        ("api_key.updated", "admin", WIDE_KEY),
        ("api_key.updated", "api_keys:write", WIDE_KEY),
        ("api_key.created", "organization:write", WIDE_KEY),
        ("api_key.created", "organization:read", None),
        ("api_key.created", "api.small.call", None),
        ("api_key.deleted", "admin", None),
        ("login.succeeded", None, None),
    ],
)
def test_what_an_entry_changed(kind: str, scopes: str | None, what: str | None) -> None:
    assert control(kind, scopes) == what


def test_kinds_are_looked_up_in_lower_case() -> None:
    assert {*CONTROLS} == {kind.lower() for kind in CONTROLS}
    assert len(LOGGING) == 4
