#!/bin/sh
# Make the image that the container tests run steps in: a minimal Debian with its Python, and the libraries of libraries.txt.
#
#   containers/prepare.sh IMAGE
#
# The image holds neither pip, nor the KFP SDK, nor anything of ours; it is made once and then found again.
# Installs podman, runc and debootstrap with apt where they are missing and may be installed.
# Exit status: 0 the image is there, 77 this machine cannot (the last line says why), anything else: something broke.
set -eu
image=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
work=$root/build/containers
export CONTAINERS_CONF="$here/containers.conf"

cannot() { echo "no containers here: $*"; exit 77; }
say() { echo "containers: $*" >&2; }

tools="podman runc debootstrap"
missing=""
for tool in $tools; do command -v "$tool" >/dev/null 2>&1 || [ -x "/usr/sbin/$tool" ] || missing="$missing $tool"; done
if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || cannot "missing:$missing, and this is no Debian to install them on"
    [ "$(id -u)" = 0 ] || cannot "missing:$missing; sudo apt-get install$missing"
    say "installing$missing"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing netavark aardvark-dns iptables; } >"${TMPDIR:-/tmp}/nb2pipe-apt.log" 2>&1 ||
        cannot "apt-get could not install$missing: $(tail -n 1 "${TMPDIR:-/tmp}/nb2pipe-apt.log")"
fi
[ "$(id -u)" = 0 ] || cannot "debootstrap needs root"

# The image is as old as what it was made from.
stamp=$(cat "$here/libraries.txt" "$here/prepare.sh" "$root/requirements/dev.lock" | sha256sum | cut -c 1-12)
if [ "$(podman image inspect --format '{{index .Labels "stamp"}}' "$image" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

mkdir -p "$work"
if [ ! -f "$work/base/.complete" ]; then
    say "a minimal Debian with Python (a minute)"
    rm -rf "$work/base"
    suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
    mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
    debootstrap --variant=minbase --include=python3 "$suite" "$work/base" ${mirror:+"$mirror"} >"$work/debootstrap.log" 2>&1 ||
        cannot "debootstrap failed: $(tail -n 1 "$work/debootstrap.log")"
    rm -rf "$work/base/var/cache/apt" "$work/base/var/lib/apt/lists"
    touch "$work/base/.complete"
fi

say "the libraries of the examples, in the versions of requirements/dev.lock"
version=$(chroot "$work/base" /usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
libraries=$work/base/usr/local/lib/python$version/dist-packages
rm -rf "$libraries"
"$root/.venv/bin/uv" pip install --quiet --target "$libraries" --python "$root/.venv/bin/python" --python-version "$version" \
    --constraint "$root/requirements/dev.lock" --requirement "$here/libraries.txt"

say "the image $image"
tar -C "$work/base" -c . | podman import --quiet --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' \
    --change "LABEL stamp=$stamp" - "$image" >/dev/null
podman run --rm --network none "$image" python3 -c 'import sys; sys.exit(0)' || cannot "podman made the image but cannot run it"
