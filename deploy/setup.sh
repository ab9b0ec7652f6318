#!/usr/bin/env bash
# Makes what the jobs need in a Google Cloud project: services, buckets, a repository for images,
# accounts and their permissions. It can be run again at any time: what exists is left as it is,
# and reported as existing.
#
#   PROJECT=my-project REGION=us-central1 deploy/setup.sh
#
# DRY_RUN=1 prints the commands that make all of it, and sends nothing to Google Cloud.
# Needs gcloud and bq, signed in as an owner of the project.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${PROJECT:?Set PROJECT to the id of a Google Cloud project: PROJECT=my-project deploy/setup.sh}"
REGION=${REGION:-us-central1}
DATA_BUCKET=${DATA_BUCKET:-$PROJECT-bqx-ml-data}
TEMP_BUCKET=${TEMP_BUCKET:-$PROJECT-bqx-ml-temp}
JOBS_BUCKET=${JOBS_BUCKET:-$PROJECT-bqx-ml-jobs}
FEATURES=${FEATURES:-bqx_ml_v3_features_v2}
TARGETS=${TARGETS:-bqx_ml_v3_analytics_v2}
DRY_RUN=${DRY_RUN:-}
export CLOUDSDK_CORE_PROJECT=$PROJECT

# Runs a command that changes something, or prints it.
run() {
  if [ -n "$DRY_RUN" ]; then
    printf '%q ' "$@" | sed 's/ $/\n/'
  else
    "$@" > /dev/null
  fi
}

# report TEXT: says what was done, unless nothing is.
report() {
  [ -n "$DRY_RUN" ] || echo "$1"
}

# ensure WHAT PROBE... -- COMMAND...: runs the command unless the probe finds WHAT in place.
ensure() {
  local what=$1 probe=()
  shift
  while [ "$1" != -- ]; do
    probe+=("$1")
    shift
  done

  shift
  if [ -z "$DRY_RUN" ] && "${probe[@]}" > /dev/null 2>&1; then
    report "$what: exists"
  else
    run "$@"
    report "$what: created"
  fi
}

bucket() {
  ensure "bucket $1" gcloud storage buckets describe "gs://$1" -- \
    gcloud storage buckets create "gs://$1" --location="$REGION" \
    --uniform-bucket-level-access --public-access-prevention --soft-delete-duration=0
  # Whatever they were: the rules of this version hold.
  run gcloud storage buckets update "gs://$1" "${@:2}"
  report "bucket $1: rules updated"
}

account() {
  ensure "account $1" gcloud iam service-accounts describe "$1@$PROJECT.iam.gserviceaccount.com" -- \
    gcloud iam service-accounts create "$1" --display-name="$2"
}

# grant ACCOUNT ROLE KIND... NAME [FLAGS...]: gives the account a role on a resource, for example
# on "storage buckets gs://my-bucket".
grant() {
  local member=serviceAccount:$1@$PROJECT.iam.gserviceaccount.com role=$2 kind=()
  shift 2
  while [ $# -gt 1 ] && [[ $2 != --* ]]; do
    kind+=("$1")
    shift
  done

  local condition=()
  if [ "${kind[0]}" = projects ]; then
    condition=(--condition=None)
  fi

  ensure "$role on $1 for $member" has_role "$member" "$role" "${kind[@]}" get-iam-policy "$@" -- \
    gcloud "${kind[@]}" add-iam-policy-binding "$@" --member="$member" --role="$role" \
    "${condition[@]}"
}

has_role() {
  gcloud "${@:3}" --flatten='bindings[].members' --format='value(bindings.role)' \
    --filter="bindings.members=$1" | grep -qxF "$2"
}

# lists KIND... FILTER: whether gcloud lists something that the filter lets through.
lists() {
  gcloud "${@:1:$#-1}" list --filter="${*: -1}" --format='value(name)' | grep -q .
}

# grant_dataset ACCOUNT ROLE DATASET; GRANT does nothing when the account has the role already.
grant_dataset() {
  run bq query --location="$REGION" --use_legacy_sql=false \
    "GRANT \`$2\` ON SCHEMA \`$PROJECT.$3\` TO 'serviceAccount:$1@$PROJECT.iam.gserviceaccount.com'"
  report "$2 on dataset $3 for $1: granted"
}

run gcloud services enable {artifactregistry,bigquery,bigquerystorage,cloudbuild,cloudscheduler,compute,containerscanning,dataflow,iam,logging,monitoring,ondemandscanning,run,storage,workflowexecutions,workflows}.googleapis.com
report "services: enabled"

# Versions, so that an overwritten or deleted training file can be restored for a day.
bucket "$DATA_BUCKET" --versioning --lifecycle-file=deploy/lifecycle-data.json
bucket "$TEMP_BUCKET" --lifecycle-file=deploy/lifecycle-temp.json
bucket "$JOBS_BUCKET" --lifecycle-file=deploy/lifecycle-jobs.json

ensure "repository bqx-ml" gcloud artifacts repositories describe bqx-ml --location="$REGION" -- \
  gcloud artifacts repositories create bqx-ml --repository-format=docker --location="$REGION"
run gcloud artifacts repositories set-cleanup-policies bqx-ml --location="$REGION" --no-dry-run \
  --policy=deploy/image-cleanup.json
report "repository bqx-ml: rules updated"

account bqx-ml-launcher "Launches, follows and cancels Dataflow jobs of bqx-ml"
account bqx-ml-worker "Extracts and merges"
account bqx-ml-builder "Builds the images of bqx-ml"
account bqx-ml-workflow "Runs the Cloud Run jobs of bqx-ml"
account bqx-ml-scheduler "Starts the workflow of bqx-ml every night"

ensure "role bqxMlLauncher" gcloud iam roles describe bqxMlLauncher --project="$PROJECT" -- \
  gcloud iam roles create bqxMlLauncher --project="$PROJECT" --file=deploy/launcher-role.yaml
grant bqx-ml-launcher "projects/$PROJECT/roles/bqxMlLauncher" projects "$PROJECT"
grant bqx-ml-launcher roles/iam.serviceAccountUser \
  iam service-accounts "bqx-ml-worker@$PROJECT.iam.gserviceaccount.com"
grant bqx-ml-launcher roles/storage.objectViewer storage buckets "gs://$DATA_BUCKET"
grant bqx-ml-launcher roles/storage.objectViewer storage buckets "gs://$JOBS_BUCKET"
# To ask which tables there are, and when they were written; not to read them.
grant bqx-ml-launcher roles/bigquery.jobUser projects "$PROJECT"

grant bqx-ml-worker roles/dataflow.worker projects "$PROJECT"
grant bqx-ml-worker roles/bigquery.readSessionUser projects "$PROJECT"
# Queries, and the temporary dataset of the merge method bigquery.
grant bqx-ml-worker roles/bigquery.user projects "$PROJECT"
# Not the bucket of the templates: a worker cannot change what is launched.
for name in "$DATA_BUCKET" "$TEMP_BUCKET"; do
  grant bqx-ml-worker roles/storage.objectUser storage buckets "gs://$name"
  grant bqx-ml-worker roles/storage.legacyBucketReader storage buckets "gs://$name"
done
grant bqx-ml-worker roles/artifactregistry.reader \
  artifacts repositories bqx-ml --location="$REGION"

for dataset in "$FEATURES" "$TARGETS"; do
  grant_dataset bqx-ml-launcher roles/bigquery.metadataViewer "$dataset"
  grant_dataset bqx-ml-worker roles/bigquery.dataViewer "$dataset"
done

grant bqx-ml-builder roles/storage.objectViewer storage buckets "gs://$JOBS_BUCKET"
grant bqx-ml-builder roles/artifactregistry.writer \
  artifacts repositories bqx-ml --location="$REGION"
grant bqx-ml-builder roles/logging.logWriter projects "$PROJECT"
# To have images scanned before they are pushed.
grant bqx-ml-builder roles/ondemandscanning.admin projects "$PROJECT"

# Metrics of the launcher's log, alerts and a dashboard. Without channels, alerts are only shown in
# the console; NOTIFICATION_CHANNELS=projects/.../notificationChannels/... names some.
for metric in pairs dollars; do
  ensure "metric bqx-ml-$metric" gcloud logging metrics describe "bqx-ml-$metric" -- \
    gcloud logging metrics create "bqx-ml-$metric" \
    --config-from-file="deploy/monitoring/metric-$metric.json"
done

for alert in failed stale cost; do
  ensure "alert $alert" lists alpha monitoring policies "userLabels.bqx-ml=$alert" -- \
    gcloud alpha monitoring policies create \
    --policy-from-file="deploy/monitoring/alert-$alert.json" \
    ${NOTIFICATION_CHANNELS:+--notification-channels="$NOTIFICATION_CHANNELS"}
done

ensure "dashboard bqx-ml" lists monitoring dashboards displayName=bqx-ml -- \
  gcloud monitoring dashboards create --config-from-file=deploy/monitoring/dashboard.json

# The jobs that the workflow executes are named by `make deploy`.
grant bqx-ml-workflow roles/run.viewer projects "$PROJECT"
grant bqx-ml-scheduler roles/workflows.invoker projects "$PROJECT"
