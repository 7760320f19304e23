# shellcheck shell=bash
# Where the tools lie. Sourced by the other scripts; Tests/TestBed/Tools.swift looks in the same places.

# Outside the checkout, so that a fresh clone does not build kube-apiserver again.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/vault-ingress"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# tool NAME: the path in the tool's variable ($KUBE_APISERVER, …), else in the cache, else in PATH. A variable that names
# no executable is an error, never a silent fallback. nginx-current is the newest nginx; nginx is Debian's.
tool() {
    local name=$1 variable found
    variable=${name^^}
    variable=${variable//-/_}
    if [[ -n "${!variable:-}" ]]; then
        [[ -x "${!variable}" ]] || fail "\$$variable is '${!variable}', which is not an executable file"
        found=${!variable}
    elif [[ -x "$cache/bin/$name" ]]; then
        found=$cache/bin/$name
    else
        # Debian keeps servers in sbin, which a user's PATH may leave out.
        found=$(PATH="$PATH:/usr/sbin:/sbin" type -P "$name") || return 1
    fi
    printf '%s\n' "$found"
}
