#!/usr/bin/env bash
# Times Downhill beside other libraries; ./run.sh -help lists the flags.
# train.sh starts the program of ./train with it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! command -v gcc >/dev/null && [[ " $* " == *" -install "* ]]; then
	apt-get update -qq && apt-get install -y --no-install-recommends gcc libc6-dev >&2
fi
for need in go gcc; do
	command -v "$need" >/dev/null || { echo "peers: needs $need: Go 1.24 or later (go.dev/dl), and gcc (Debian: apt-get install gcc libc6-dev)" >&2; exit 1; }
done
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
CGO_ENABLED=1 go build -C "$here" -o "$bin/peers" "${PEERS_PROGRAM:-.}"
"$bin/peers" "$@"
