#!/usr/bin/env bash
# Install the Debian packages that the tests need, where root and apt allow; otherwise say what is missing.
set -uo pipefail

have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

if have mariadbd && have mariadb-install-db; then
  exit 0
fi
if [ "$(id -u)" -eq 0 ] && have apt-get; then
  echo "installing mariadb-server for the tests …"
  export DEBIAN_FRONTEND=noninteractive
  # the tests start servers of their own: the package must not start one
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  log=$(mktemp)
  if { apt-get update -qq && apt-get install -y -qq --no-install-recommends mariadb-server; } >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 20 "$log"
  rm -f "$log"
fi
echo "notice: mariadb-server is not installed; tests that need MariaDB are skipped (and fail where CI=true)"
exit 0
