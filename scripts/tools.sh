# shellcheck shell=bash
# Finds the tools. Sourced by the other scripts; Tests/TestBed/Tools.swift searches the same places.

# Outside the checkout, so that a fresh clone does not build kube-apiserver again.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/vault-ingress"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# tool NAME: prints the path in the tool's variable ($KUBE_APISERVER, …), else in the cache, else in PATH. A variable with
# anything but an executable file is an error, not a fallback. nginx-current is the newest nginx; nginx is Debian's.
tool() {
    local name=$1 variable found
    variable=${name^^}
    variable=${variable//-/_}
    if [[ -n "${!variable:-}" ]]; then
        [[ -x "${!variable}" ]] || fail "\$$variable: expected an executable file, got '${!variable}'"
        found=${!variable}
    elif [[ -x "$cache/bin/$name" ]]; then
        found=$cache/bin/$name
    else
        # Debian installs servers in sbin, which may be missing from a user's PATH.
        found=$(PATH="$PATH:/usr/sbin:/sbin" type -P "$name") || return 1
    fi
    printf '%s\n' "$found"
}
