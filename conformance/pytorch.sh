#!/usr/bin/env bash
# Sends networks to PyTorch and back, see pytorch/main.go:
#
#	./pytorch.sh [-install] [flags of the program]
#
# -install gets Debian's python3-torch.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ "${1-}" = -install ]; then
	shift
	if ! /usr/bin/python3 -I -c 'import torch' 2>/dev/null; then
		apt-get update -qq && apt-get install -y --no-install-recommends python3-torch >&2
	fi
fi
exec go run ./pytorch "$@"
