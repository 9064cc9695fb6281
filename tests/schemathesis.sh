#!/usr/bin/env bash
# What thousands of made-up requests do to the API.
#
#   tests/schemathesis.sh [options of `schemathesis run`]   lets it loose
#   tests/schemathesis.sh --install FOLDER                  only installs it there, and says where the program is (tests/run)
#
# Installs schemathesis (PyPI, https://schemathesis.io) into a folder of its own that is gone afterwards, builds the debug
# test binary, and lets the one test `api::schemathesis` serve a house of its own: an open portal, a key with every scope, a
# citizen with a request. schemathesis reads /api/v1/openapi.json there and sends what fits the document and what does not.
# Fails on any 5xx and on every answer that breaks the document: a status, a media type, a header or a shape that it does not
# name, a wrong request taken, a right one refused, a door that opens without its key.
#
# Wants Python 3.10 or newer with venv. A finding comes with a curl command; --seed N repeats a run.

set -euo pipefail
cd "$(dirname "$0")/.."

# install FOLDER   prints the address of the program
install() {
    python3 -m venv "$1" >&2
    "$1/bin/pip" install --quiet 'schemathesis>=4.32,<5' >&2
    echo "$1/bin/schemathesis"
}

if [ "${1:-}" = --install ]; then
    install "${2:?tests/schemathesis.sh --install FOLDER}"
    exit
fi

scratch=$(mktemp -d /tmp/riscontro-schemathesis-XXXXXX)
trap 'rm -rf "$scratch"' EXIT
if [ -z "${SCHEMATHESIS:-}" ]; then
    SCHEMATHESIS=$(install "$scratch/venv")
    export SCHEMATHESIS
fi
export SCHEMATHESIS_OPTIONS="$*"
cargo test --test it -- --exact api::schemathesis::nothing_that_can_be_sent_breaks_the_contract --nocapture
