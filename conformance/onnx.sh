#!/usr/bin/env bash
# Has other programs read what package onnx writes, see onnx/main.go:
#
#	./onnx.sh [-install] [-checker] [flags of the program]
#
# -install gets the checker (Debian's python3-onnx) and ONNX Runtime (onnxruntime-node, 290
# MB, into the user's cache, and Debian's nodejs and npm if they are missing); -checker does
# without ONNX Runtime.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/downhill/onnxruntime
install= modules=$cache/node_modules flags=()
for flag; do
	case $flag in
	-install) install=1 ;;
	-checker) modules= ;;
	*) flags+=("$flag") ;;
	esac
done
if [ "$install" ]; then
	if ! /usr/bin/python3 -I -c 'import onnx' 2>/dev/null; then
		apt-get update -qq && apt-get install -y --no-install-recommends python3-onnx >&2
	fi
	if [ "$modules" ] && ! { command -v node && command -v npm; } >/dev/null; then
		apt-get update -qq && apt-get install -y --no-install-recommends nodejs npm >&2
	fi
	if [ "$modules" ] && [ ! -d "$modules/onnxruntime-node" ]; then
		# Its install script would fetch libraries for GPUs.
		mkdir -p "$cache"
		npm install --prefix "$cache" --ignore-scripts --no-audit --no-fund onnxruntime-node@1.30.0 >&2
	fi
fi
exec go run ./onnx -modules "$modules" "${flags[@]}"
