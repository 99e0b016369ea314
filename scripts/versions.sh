#!/bin/sh
# The fast tests under every supported Python that this machine has, each in an environment of its own
# made from the same hash-locked list. Versions that are not here are said, not failed. VERSIONS names fewer, TESTS some.
set -eu
cd "$(dirname "$0")/.."
find_python() {
    # One that is on the path may be a shim that runs nothing.
    "python$1" -c 'import sys; print(sys.executable)' 2>/dev/null && return
    for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python3; do
        [ -x "$found" ] && echo "$found" && return
    done
    return 1
}
for version in ${VERSIONS:-3.12 3.13 3.14}; do
    if ! python=$(find_python "$version" | tail -n 1) || [ -z "$python" ]; then
        echo "Python $version: not on this machine"
        continue
    fi
    venv=.venv-$version
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    # As scripts/setup.sh: uv is faster, and plain pip gives the same where uv does not do.
    if ! { [ -x .venv/bin/uv ] &&
        VIRTUAL_ENV=$PWD/$venv .venv/bin/uv pip install --quiet --require-hashes -r requirements.lock 2>/dev/null &&
        VIRTUAL_ENV=$PWD/$venv .venv/bin/uv pip install --quiet --no-deps --no-build-isolation -e . 2>/dev/null; }; then
        "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements.lock
        "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
    fi
    echo "Python $version:"
    "$venv/bin/python" -m pytest -n auto --dist loadfile -m "not slow" ${TESTS:-}
done
