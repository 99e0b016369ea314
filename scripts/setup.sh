#!/bin/sh
# Makes .venv from a hash-locked list. uv is several times faster than pip, so it is tried first; plain pip
# gives the same environment from the same list, where uv cannot be installed or does not do.
#   sh scripts/setup.sh          run and development dependencies
#   sh scripts/setup.sh bench    the peers that `make bench` measures beside us, too
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
[ "${1:-}" = bench ] && lock=benchmarks/requirements.lock
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1

[ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv
pip='.venv/bin/python -m pip'

# What the list names and then this project, by one installer.
install() {
    "$@" install --quiet --require-hashes -r "$lock" &&
        "$@" install --quiet --no-deps --no-build-isolation -e .
}

$pip install --quiet --require-hashes -r scripts/uv.lock.txt 2>/dev/null &&
    install env VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip ||
    install $pip
touch .venv/.ready
