"""Addresses of the Internet that lead to somebody: not loopback, not unspecified, no netmask."""

import ipaddress
import re

from monitoring_pipelines.security.recogniser import Recogniser, add


def _normal(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return None
    if address.version == 4 and address.is_reserved:  # noqa: PLR2004 - such as 255.255.255.0
        return None
    return address.compressed


_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
IP_ADDRESS = add(
    Recogniser(
        kind="ip_address",
        title="IP addresses",
        pattern=re.compile(
            rf"(?<![\w.:/-])(?:{_OCTET}(?:\.{_OCTET}){{3}}(?![\w-]|\.[0-9])"
            r"|(?=[0-9A-Fa-f:]*[0-9])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6}(?![\w:]))"
        ),
        hint=r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f]*:",
        normal=_normal,
    )
)
