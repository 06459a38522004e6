#!/bin/sh
# Prints the first Python 3.11 or newer that starts; a name on PATH is not enough (version managers leave names that do not run).
# The versions the locks were tested on come first. PYTHON=… overrules the search.
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if ! "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "$candidate cannot make virtual environments: install its venv package (Debian and Ubuntu: apt-get install python3-venv)." >&2
        exit 2
    fi
    command -v "$candidate"
    exit 0
done
echo "Python 3.11 or newer is needed and none was found: install it (Debian and Ubuntu: apt-get install python3 python3-venv), or say PYTHON=/path/to/python3." >&2
exit 2
