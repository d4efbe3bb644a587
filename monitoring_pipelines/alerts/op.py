"""What is said about an incident, one call to one destination at a time."""

from __future__ import annotations

from enum import StrEnum


class Op(StrEnum):
    """Kind of a message.

    ============  ==================================================  ==============
    op            what a channel with threads does                    people called
    ============  ==================================================  ==============
    ``open``      a message of its own, the root of a thread          yes
    ``update``    the root is edited                                  no
    ``resolve``   the root is edited for the last time                no
    ``reopen``    in the thread and in the channel                    the first time
    ``escalate``  in the thread and in the channel                    yes
    ``remind``    in the thread                                       yes
    ``evidence``  in the thread: numbers behind the root              no
    ``picture``   in the thread: the chart, where none can be drawn   no
    ``note``      in the thread: one line                             no
    ``digest``    a message of its own, about no single incident      no
    ============  ==================================================  ==============
    """

    OPEN = "open"
    UPDATE = "update"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    REMIND = "remind"
    EVIDENCE = "evidence"
    PICTURE = "picture"
    NOTE = "note"
    DIGEST = "digest"

    @property
    def is_edit(self) -> bool:
        """Whether it replaces a message, so that only the newest counts."""
        return self in {Op.UPDATE, Op.RESOLVE}

    @property
    def is_root(self) -> bool:
        """Whether it is a message of its own that later ones edit or answer."""
        return self in {Op.OPEN, Op.DIGEST}

    @property
    def is_broadcast(self) -> bool:
        """Whether a reply is shown in the channel too, since it is news."""
        return self in {Op.REOPEN, Op.ESCALATE}


CALLS = frozenset({Op.OPEN, Op.REOPEN, Op.ESCALATE, Op.REMIND})
# what stands beside the words about an incident and does not change them
ATTACHED = frozenset({Op.EVIDENCE, Op.PICTURE})
