#!/bin/sh
# apt-install.sh <package>…: installs packages as root, without starting their services or enabling them at
# boot.
set -eu

policy=/usr/sbin/policy-rc.d
before=$(mktemp)
made=
trap 'rm -f "$before" $made' EXIT

# What starts at boot: the links of systemd, and those of System V if it is used.
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
# Package lists may be missing or old. They are fetched only if the installation fails without.
install "$@" || { apt-get update && install "$@"; }
# Chromium without its window saves the tests half the time. Not every distribution has it.
case " $* " in *' chromium '*) install chromium-headless-shell || true ;; esac

boot_links | comm -13 "$before" - | while read -r link; do
  name=$(basename "$link")
  case $link in
    */rc?.d/S*) update-rc.d "${name#S??}" disable ;;
    # An alias does not start anything at boot.
    */*.wants/*) rm -f "$link" ;;
  esac
done
