#!/bin/sh
# The modular input kepler_watch: the same program as the search commands.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "$here/kepler" kepler_watch "$@"
