#!/bin/sh
# Makes .venv from a hash-locked list. uv is several times faster than pip, so it is used where it can
# be installed; plain pip gives the same environment from the same list.
#   sh scripts/setup.sh          run and development dependencies
#   sh scripts/setup.sh bench    the peers that `make bench` measures beside us, too
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
[ "${1:-}" = bench ] && lock=benchmarks/requirements.lock
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1

[ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv
if .venv/bin/python -m pip install --quiet --require-hashes -r scripts/uv.lock.txt 2>/dev/null; then
    VIRTUAL_ENV=$PWD/.venv
    export VIRTUAL_ENV
    .venv/bin/uv pip install --quiet --require-hashes -r "$lock"
    .venv/bin/uv pip install --quiet --no-deps --no-build-isolation -e .
else
    .venv/bin/python -m pip install --quiet --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
fi
touch .venv/.ready
