"""A name in any of our scripts as the consonants it begins with.

``Kharkiv``, ``Харків`` and ``Харьковской`` are ``hrkv``; ``Zaporizhzhia`` and
``Запорожье`` are ``zprj``. It is a key to compare by, not a transliteration: two names
may share one.
"""

from __future__ import annotations

import re
from functools import lru_cache

CHARS = 4
LEAST_LETTERS = 3

# Several letters first; what English, Russian and Ukrainian write for one sound falls
# together (г, ґ, х: h; ж: j; ц: q; ч: 4; ш, щ: 5).
_CLUSTERS = (
    ("shch", "5"),
    ("sch", "5"),
    ("zh", "j"),
    ("kh", "h"),
    ("gh", "h"),
    ("ts", "q"),
    ("ch", "4"),
    ("sh", "5"),
    ("ph", "f"),
    ("ck", "k"),
)
_LETTERS = str.maketrans({
    **dict(zip("бвгґджзклмнпрстфхцчшщ", "bvhhdjzklmnprstfhq455", strict=True)),
    **dict.fromkeys("аеёиіїйоуыэюяєьъyéèêàâîïôûü", "a"),
    **dict(zip("gcwx", "hkvs", strict=True)),
    "'": "",
    "’": "",
    "-": "",
})  # fmt: skip
_VOWELS = re.compile(r"[aeiou]")
_REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """First consonants of a word, ``a`` for a vowel it begins with; empty if short."""
    if len(word) < LEAST_LETTERS:
        return ""
    low = word.lower()
    for letters, one in _CLUSTERS:
        low = low.replace(letters, one)
    plain = low.translate(_LETTERS)
    first = "a" if _VOWELS.match(plain) else ""
    bones = _REPEATED.sub(r"\1", _VOWELS.sub("", plain))
    return (first + bones)[:CHARS]
