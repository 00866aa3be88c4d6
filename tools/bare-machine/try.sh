#!/bin/bash
# try.sh <bookworm|trixie> <root|user>: runs npm start on a Debian that has nothing but Node and npm, as
# root, or as an ordinary user with the system packages installed. It signs in, stops the system, and checks
# what is left behind. Needs root, mmdebstrap and the network; takes about five minutes.
set -euo pipefail

suite=${1:?bookworm or trixie} who=${2:?root or user}
here=$(cd "$(dirname "$0")/../.." && pwd)
machine=$(mktemp -d)
trap 'umount -l "$machine/proc" "$machine/dev" 2>/dev/null || true; rm -rf --one-file-system "$machine"' EXIT

packages=ca-certificates,procps
[ "$who" = root ] || packages+=,redis-server,rabbitmq-server,golang-go
mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$machine"

# This machine's Node and npm, and how it reaches the network.
install -D "$(command -v node)" "$machine/usr/bin/node"
mkdir -p "$machine/usr/lib/node_modules"
cp -R "$(npm root --global)/npm" "$machine/usr/lib/node_modules/npm"
for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$machine/usr/bin/$name"; done
cp /etc/resolv.conf /etc/hosts "$machine/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$machine/etc/ssl/certs/"
env=(HOME=/home/visitor PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  PORT=43000 PRODUCT_PORT=43001 MAILBOX_PORT=43080)
for name in NODE_EXTRA_CA_CERTS SSL_CERT_FILE; do
  [ -z "${!name:-}" ] || env+=("$name=/etc/ssl/certs/ca-certificates.crt")
done
for name in HTTPS_PROXY HTTP_PROXY NO_PROXY GOPROXY npm_config_registry; do
  [ -z "${!name:-}" ] || env+=("$name=${!name}")
done

mkdir -p "$machine/home/visitor/system"
[ ! -e ~/.npmrc ] || cp ~/.npmrc "$machine/home/visitor/"
git -C "$here" archive HEAD | tar -x -C "$machine/home/visitor/system"
chown -R 1000:1000 "$machine/home/visitor"
mount --bind /dev "$machine/dev"
mount -t proc proc "$machine/proc"

id=1000
[ "$who" = user ] || id=0
inside=(chroot --userspec="$id:$id" "$machine" env -i "${env[@]}")
# What starts at boot. Aliases and the K links of System V do not.
boot_links() {
  find "$machine/etc/systemd/system" "$machine"/etc/rc[2-5].d -type l \( -path '*.wants/*' -o -path '*/rc?.d/S*' \) 2>/dev/null | sort
}

links=$(boot_links)
began=$SECONDS
"${inside[@]}" sh -c 'cd /home/visitor/system && exec npm start' &
start=$!
until [ -e "$machine/home/visitor/system/.data/running.json" ]; do
  kill -0 "$start" 2>/dev/null || { echo "npm start ended before everything answered" >&2; exit 1; }
  [ $((SECONDS - began)) -lt 600 ] || { echo "npm start takes too long" >&2; kill "$start"; exit 1; }
  sleep 1
done
took=$((SECONDS - began))

"${inside[@]}" node --input-type=module --eval '
  import { readFileSync } from "node:fs"
  const { authServer, accounts } = JSON.parse(readFileSync("/home/visitor/system/.data/running.json"))
  const [{ username, password }] = accounts
  const headers = { "Content-Type": "application/json" }
  const body = JSON.stringify({ username, password })
  const { status } = await fetch(`${authServer}/login`, { method: "POST", headers, body })
  if (status !== 200) throw new Error(`signing in: ${status}`)'
kill "$start"
wait "$start" || true

[ "$links" = "$(boot_links)" ] || { echo "enabled at boot now:"; diff <(echo "$links") <(boot_links); exit 1; } >&2
[ ! -e "$machine/usr/sbin/policy-rc.d" ] || { echo "policy-rc.d was left behind" >&2; exit 1; }
echo "$suite as $who: signed in $took seconds after npm start."
