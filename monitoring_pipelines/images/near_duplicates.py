"""Near-duplicates: pictures of one window that look the same, found by a perceptual hash.

Each picture in grey is averaged to 9 by 8 pixels; the 64 signs of the steps to the right are its
difference hash [1]_. Two pictures are near-duplicates if their hashes differ in at most 3 bits
*and* no pixel of the small pictures differs by more than 8 of 255: the hash finds candidates, and
the grey levels keep simple pictures (a dark shape on white) from being taken for each other. Saved
again in another quality or size, a picture stays its own near-duplicate; turned or cut it does not.

Hashes that differ in at most 3 bits agree in one of four parts of 16 bits, so only pictures that
share a part are compared. Alike ones are one candidate, and of a part that thousands share only the
neighbours in the order of the hash are compared, so that no input makes it slow.

References
----------
.. [1] N. Krawetz, "Kind of like that", The Hacker Factor Blog, 2013. For the search in parts:
   G. S. Manku, A. Jain and A. Das Sarma, "Detecting near-duplicates for web crawling", WWW 2007,
   141-150. doi:10.1145/1242572.1242592
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BITS, MOST_LEVELS = 3, 8
PART_BITS = 16
# pictures that share a part of their hash and are compared with each other; see above
MOST_NEIGHBOURS = 64


def near_duplicates(thumbnails: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which of n pictures have another one that looks the same, shape (n,).

    `thumbnails` are the grey pictures of 8 rows of 9 pixels, shape (n, 72).
    """
    unique, place, counts = np.unique(thumbnails, axis=0, return_inverse=True, return_counts=True)
    found = counts > 1
    hashes = difference_hash(unique)
    for part in range(64 // PART_BITS):
        key = (hashes >> np.uint64(part * PART_BITS)) & np.uint64((1 << PART_BITS) - 1)
        order = np.lexsort((hashes, key))
        for step in range(1, MOST_NEIGHBOURS + 1):
            if step >= len(order):
                break
            a, b = order[:-step], order[step:]
            share = key[a] == key[b]
            if not share.any():
                break
            a, b = a[share], b[share]
            close = np.bitwise_count(hashes[a] ^ hashes[b]) <= MOST_BITS
            a, b = a[close], b[close]
            same = np.abs(unique[a].astype(np.int16) - unique[b]).max(axis=1, initial=0)
            hit = same <= MOST_LEVELS
            found[a[hit]] = True
            found[b[hit]] = True
    return found[place.reshape(-1)]


def difference_hash(thumbnails: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """64 bits of each small picture: whether it gets brighter to the right; shape (n,)."""
    grid = thumbnails.reshape(-1, 8, 9)
    bits = (grid[:, :, 1:] > grid[:, :, :-1]).reshape(len(grid), 64)
    return np.packbits(bits, axis=1).view(">u8").reshape(-1).astype(np.uint64)
