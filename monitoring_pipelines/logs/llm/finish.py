"""Why a model stopped, in one vocabulary for all providers."""

from __future__ import annotations

from typing import Any

from monitoring_pipelines.logs.llm.values import sequence, text

_WORDS = {
    "stop": "stop end_turn endturn stop_sequence finish complete completed eos eos_token end",
    "length": "length max_tokens max_output_tokens max_length token_limit",
    "tool_calls": "tool_calls tool_call tool_use function_call",
    "content_filter": "content_filter content_filtered safety recitation blocklist "
    "prohibited_content spii",
    "refusal": "refusal",
    "guardrail": "guardrail_intervened",
    "context_window": "model_context_window_exceeded context_window_exceeded",
    "malformed_tool": "malformed_tool_use malformed_model_output malformed_function_call",
    "error": "error failed cancelled",
}
_FINISH = {word: name for name, words in _WORDS.items() for word in words.split()}


def unified(reason: Any) -> str | None:
    """Give our word for a provider's reason; several at once give the one that matters most.

    None if the log gives none, ``unknown`` for a word that we do not know.

    >>> unified("end_turn"), unified('["tool-calls"]'), unified("FINISH_REASON_MAX_TOKENS")
    ('stop', 'tool_calls', 'length')
    """
    if isinstance(reason, list) or (isinstance(reason, str) and reason[:1] == "["):
        found = {unified(one) for one in sequence(reason)} - {None}
        # of parallel answers, one that was cut or filtered is what people must hear of
        return min(found, key=_rank) if found else None
    word = text(reason)
    if word is None:
        return None
    key = word.lower().replace("-", "_").removeprefix("finish_reason_")
    return _FINISH.get(key, "unknown")


def _rank(finish: str | None) -> tuple[bool, str]:
    return finish in {"stop", "tool_calls"}, str(finish)
