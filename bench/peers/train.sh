#!/usr/bin/env bash
# Times Downhill's training beside other libraries'; ./train.sh -help lists the flags.
PEERS_PROGRAM=./train exec "$(dirname "${BASH_SOURCE[0]}")/run.sh" "$@"
