#!/bin/sh
# apt-install.sh <package>…: installs packages as root, starts none of their services, and leaves none
# enabled at boot that was not before.
set -eu

policy=/usr/sbin/policy-rc.d
before=$(mktemp)
made=
trap 'rm -f "$before" $made' EXIT

# What starts at boot: links of systemd, and of System V where that is used.
boot_links() {
  find /etc/systemd/system /etc/rc[2-5].d -type l 2>/dev/null | sort
}

install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}

boot_links > "$before"
# Debian asks this program before it starts a service.
if [ ! -e "$policy" ]; then
  made=$policy
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
# A machine's package lists may be absent or old: fetched only when it does not go without.
install "$@" || { apt-get update && install "$@"; }

boot_links | comm -13 "$before" - | while read -r link; do
  name=$(basename "$link")
  case $link in
    */rc?.d/S*) update-rc.d "${name#S??}" disable ;;
    # An alias is no start at boot.
    */*.wants/*) rm -f "$link" ;;
  esac
done
