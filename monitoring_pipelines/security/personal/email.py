"""E-mail addresses: a local part, an at sign, and a domain with a dot."""

import re

from monitoring_pipelines.security.recogniser import Recogniser, add

# names that RFC 2606 and RFC 6761 reserve for examples belong to nobody
RESERVED = re.compile(r"(?:^|[.@])(?:example\.(?:com|net|org)|example|invalid|test|localhost)$")
# of code and logs: images of two densities, hosts of a remote shell
NO_DOMAIN = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|py|js|ts|css|html?|json|git)$")


def _normal(text: str) -> str | None:
    address = text.casefold().rstrip(".")
    if ".." in address or RESERVED.search(address) or NO_DOMAIN.search(address):
        return None
    return address


EMAIL = add(
    Recogniser(
        kind="email",
        title="e-mail addresses",
        pattern=re.compile(
            r"(?<![\w.%+@/:-])[A-Za-z0-9][\w.%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
            r"(?![\w@-]|:[\w/])"
        ),
        hint="@",
        normal=_normal,
    )
)
