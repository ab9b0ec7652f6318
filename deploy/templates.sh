#!/usr/bin/env bash
# Builds the images of the Flex Templates from one base, and labels them with its name and digest.
# cloudbuild.yaml runs it.
#
#   deploy/templates.sh BASE REPOSITORY VERSION
#
# A tag in BASE is resolved to the digest that it has now. To build again on the base of another
# image, give what that image's label says: BASE@sha256:...
set -euo pipefail

base=$1
if [[ $base != *@sha256:* ]]; then
  docker pull --quiet "$base"
  base=$(docker image inspect --format='{{join .RepoDigests "\n"}}' "$base" \
    | grep -m 1 -E "^${base%:*}@sha256:[0-9a-f]{64}$") || {
    echo "error: $1 has no digest: give one with TEMPLATE_BASE=NAME@sha256:..." >&2
    exit 1
  }
fi

echo "base of the templates: $base"
for template in extract=ml.bqx.ExtractPipeline merge=ml.bqx.MergePipeline; do
  docker build --file=Dockerfile.template --build-arg=BASE="$base" \
    --build-arg=MAIN_CLASS="${template#*=}" \
    --label=org.opencontainers.image.base.name="$1" \
    --label=org.opencontainers.image.base.digest="${base#*@}" \
    --tag="$2/${template%%=*}:$3" .
done
