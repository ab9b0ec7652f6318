#!/usr/bin/env bash
# Scans an image for known vulnerabilities before it is pushed, and fails when one is as grave as
# that. cloudbuild.yaml runs it for each image.
#
#   deploy/scan.sh IMAGE SEVERITY     for example CRITICAL; NONE only prints what was found
set -euo pipefail

scan=$(gcloud artifacts docker images scan "$1" --format='value(response.scan)')
found=$(gcloud artifacts docker images list-vulnerabilities "$scan" \
  --format='value(vulnerability.effectiveSeverity,vulnerability.shortDescription)' | sort)
echo "$1: $(printf '%s' "$found" | grep -c . || true) known vulnerabilities"
printf '%s\n' "$found"
if [ "$2" != NONE ] && printf '%s\n' "$found" | grep -q "^$2\b"; then
  echo "error: $1 has vulnerabilities of severity $2: take newer bases or libraries, or build with SEVERITY=NONE" >&2
  exit 1
fi
