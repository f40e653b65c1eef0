"""Several files that belong to one delivery, in a ZIP archive within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from trucewatch.collect.unpack import MAX_PLAIN_BYTES, MAX_RATIO
from trucewatch.errors import SourceError

_ZIP = b"PK\x03\x04"
_SMALL_BYTES = 16 * 1024 * 1024  # an archive so small may grow from anything
_MOST_FILES = 1_000


def is_archive(raw: bytes) -> bool:
    """Whether a delivery is a ZIP archive."""
    return raw.startswith(_ZIP)


def files_of(raw: bytes) -> Mapping[str, bytes]:
    """Every file of an archive by its name without folders, in order of names.

    Raises:
        SourceError: if it is damaged, locked, holds two files of one name or too many,
            or would grow beyond ``MAX_PLAIN_BYTES`` or ``MAX_RATIO``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            files = [one for one in archive.infolist() if not one.is_dir()]
            size = sum(one.file_size for one in files)
            most = max(_SMALL_BYTES, MAX_RATIO * len(raw))
            if size > min(MAX_PLAIN_BYTES, most) or len(files) > _MOST_FILES:
                msg = f"the archive would grow to {size} bytes: refused"
                raise SourceError(msg)
            found = {one.filename.rpartition("/")[2]: one for one in files}
            if len(found) != len(files):
                msg = "the archive holds two files of one name"
                raise SourceError(msg)
            return {name: archive.read(found[name]) for name in sorted(found)}
    except _BROKEN as error:
        msg = f"the archive cannot be read: {str(error)[:200]}"
        raise SourceError(msg) from error


_BROKEN = (
    *(zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError),
    *(EOFError, ValueError, zlib.error),
)
