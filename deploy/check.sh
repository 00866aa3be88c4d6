#!/bin/sh
# Validates the example overlay against the Kubernetes schemas, and the alert rules by their tests.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

promtool test rules monitoring/alerts.test.yaml

build() { # each tool has a module of its own, because their dependencies differ
  mkdir "$work/$1"
  printf 'module check\ngo 1.24\n' > "$work/$1/go.mod"
  (cd "$work/$1" && export GOFLAGS=-mod=mod && go get -tool "$2@$3" && go build -o "$work/bin/$1" "$2")
}
build kustomize sigs.k8s.io/kustomize/kustomize/v5 v5.7.1
build kubectl-validate sigs.k8s.io/kubectl-validate v0.0.4

cp -r kubernetes "$work/kubernetes"
secrets="$work/kubernetes/overlays/example/secrets"
mkdir "$secrets"
for name in mongo-url redis-url amqp-url smtp-url session-secrets mail-secrets key-encryption-key; do
  echo check > "$secrets/$name"
done
"$work/bin/kustomize" build "$work/kubernetes/overlays/example" > "$work/objects.yaml"
"$work/bin/kubectl-validate" "$work/objects.yaml"
