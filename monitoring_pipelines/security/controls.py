"""Which entries of an audit log change a control: a guardrail, a filter, a log, a key, a network.

Attempts that failed changed nothing. What a change was for no log says: each is told.

References
----------
API references of Amazon Bedrock and AWS CloudTrail; types of OpenAI's audit log; operations of
Azure's resource providers ``Microsoft.CognitiveServices`` and ``Microsoft.Insights``.
"""

from __future__ import annotations

import re

# by the lower-case kind of an event (`logs/llm/records.py`)
CONTROLS = {
    "bedrock.deleteguardrail": "guardrail deleted",
    "bedrock.updateguardrail": "guardrail changed",
    "bedrock.deletemodelinvocationloggingconfiguration": "logging of calls switched off",
    "bedrock.putmodelinvocationloggingconfiguration": "logging of calls changed",
    "cloudtrail.stoplogging": "audit log switched off",
    "cloudtrail.deletetrail": "audit log deleted",
    "microsoft.cognitiveservices/accounts/raipolicies/delete": "content filter deleted",
    "microsoft.cognitiveservices/accounts/raipolicies/write": "content filter changed",
    "microsoft.cognitiveservices/accounts/raiblocklists/delete": "blocklist deleted",
    "microsoft.cognitiveservices/accounts/raiblocklists/write": "blocklist changed",
    "microsoft.cognitiveservices/accounts/raiblocklists/raiblocklistitems/delete": (
        "blocklist changed"
    ),
    "microsoft.cognitiveservices/accounts/raiblocklists/raiblocklistitems/write": (
        "blocklist changed"
    ),
    "microsoft.insights/diagnosticsettings/delete": "logging of calls switched off",
    "microsoft.insights/diagnosticsettings/write": "logging of calls changed",
    "ip_allowlist.created": "allow-list of addresses changed",
    "ip_allowlist.updated": "allow-list of addresses changed",
    "ip_allowlist.deleted": "allow-list of addresses changed",
    "ip_allowlist.config.deactivated": "allow-list of addresses switched off",
    "rate_limit.deleted": "rate limit deleted",
}
# changes after which a log may lack what it had
LOGGING = frozenset(what for what in CONTROLS.values() if what.startswith(("logging", "audit log")))
# a key with one of these scopes may do nearly everything
WIDE_KEY = "key with wide scopes"
_KEYS = {"api_key.created", "api_key.updated"}
_WIDE = re.compile(
    r"(?:^|[ .:/])(?:all|\*|admin|owner)(?:$|[ .:/])"
    r"|(?:^| )(?:organi[sz]ation|api_keys?|management)\S*[.:](?:write|manage|\*)"
)
# somebody reads the keys of an account
LISTS_KEYS = ("listkey", "listkeys", "microsoft.cognitiveservices/accounts/listkeys/action")


def control(kind: str, scopes: str | None = None) -> str | None:
    """What an event changed; None if it is no control that is known.

    >>> control("bedrock.DeleteGuardrail"), control("api_key.created", "models:read all")
    ('guardrail deleted', 'key with wide scopes')
    """
    if kind in _KEYS:
        return WIDE_KEY if _WIDE.search((scopes or "").lower()) else None
    return CONTROLS.get(kind.lower())
