#!/bin/sh
# Re-lock: requirements/*.in -> requirements/*.txt, with hashes and no index address.
set -eu
cd "$(dirname "$0")"
for name in core dev; do
  ../.venv/bin/uv pip compile --quiet --generate-hashes --universal \
    --python-version 3.11 --no-emit-index-url --custom-compile-command 'make lock' \
    "$name.in" -o "$name.txt" "$@"
done
