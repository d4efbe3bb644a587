"""Secrets of every kind, drawn at run time so that no scanner of code finds one in this file."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

ALNUM = string.ascii_letters + string.digits


def planted(seed: int = 0) -> dict[str, str]:
    """A sentence, line or file with a secret of each kind."""
    rng = np.random.default_rng(seed)

    def drawn(n: int, alphabet: str = ALNUM) -> str:
        return "".join(rng.choice(list(alphabet), size=n))

    hexadecimal, upper = "0123456789abcdef", string.ascii_uppercase + "234567"
    made: dict[str, Callable[[], str]] = {
        "aws_access_key": lambda: f"use AK{'IA'}{drawn(16, upper)} for it",
        "aws_secret_key": lambda: f"AWS_SECRET_ACCESS_KEY={drawn(40, ALNUM + '/+')}",
        "github_token": lambda: f"git clone with gh{'p_'}{drawn(36)}",
        "gitlab_token": lambda: f"PRIVATE-TOKEN: gl{'pat-'}{drawn(20)}",
        "slack_token": lambda: f"xo{'xb-'}{drawn(12, string.digits)}-{drawn(24)}",
        "slack_webhook": lambda: (
            f"https://hooks.slack.com/services/T{drawn(10)}/B{drawn(10)}/{drawn(24)}"
        ),
        "google_api_key": lambda: f"key: AI{'za'}{drawn(35)}",
        "openai_key": lambda: f"OPENAI_API_KEY=s{'k-proj-'}{drawn(64)}",
        "anthropic_key": lambda: f"s{'k-ant-api03-'}{drawn(93)}AA",
        "stripe_key": lambda: f'stripe.api_key = "s{"k_live_"}{drawn(24)}"',
        "sendgrid_key": lambda: f"S{'G.'}{drawn(22)}.{drawn(43)}",
        "twilio_key": lambda: f"sid S{'K'}{drawn(32, hexadecimal)}",
        "npm_token": lambda: f"//packages.example/:_authToken=np{'m_'}{drawn(36)}",
        "pypi_token": lambda: f"password = pyp{'i-AgEIcHlwaS5vcmc'}{drawn(120)}",
        "hugging_face_token": lambda: f"login(h{'f_'}{drawn(34, string.ascii_letters)})",
        "azure_account_key": lambda: (
            f"AccountName=bank;Account{'Key='}{drawn(86)}==;EndpointSuffix=x"
        ),
        "private_key": lambda: "-----BEGIN RSA PRIV" + f"ATE KEY-----\n{drawn(64)}\n{drawn(64)}\n",
        "json_web_token": lambda: f"Bearer ey{'J'}{drawn(34)}.ey{'J'}{drawn(60)}.{drawn(43)}",
        "url_password": lambda: f"postgresql://svc:{drawn(6)}-{drawn(6)}1@db.bank.org:5432/risk",
        "password": lambda: f"the password: {drawn(7)}9-{drawn(5, string.ascii_letters)}Z",
        "api_key": lambda: f'"api_key": "{drawn(31)}7"',
    }
    return {kind: make() for kind, make in made.items()}
