#!/usr/bin/env bash
# Brings the pool to AWS. `make deploy` and `make deploy-functions` call it; docs/deploying.md explains it.
#
#   deploy.sh stack                  build every function, apply the template, upload the dashboard, print the addresses
#   deploy.sh functions [NAME ...]   build and replace the code of these functions, or of all, and nothing else
#
# STACK, REGION and ARCH (arm64 or x86_64) choose what and where, PARAMETERS sets parameters of the template as in
# PARAMETERS='Registration=invite InviteCode=…', ARTIFACTS names a bucket for what is uploaded.
set -euo pipefail

cd "$(dirname "$0")/.."
STACK=${STACK:-owp-pool}
REGION=${REGION:-${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}}
ARCH=${ARCH:-arm64}
CARGO_LAMBDA=${CARGO_LAMBDA:-cargo lambda}
export AWS_REGION=$REGION AWS_DEFAULT_REGION=$REGION AWS_PAGER=

fail() {
  echo "error: $*" >&2
  exit 1
}

need_aws() {
  command -v aws >/dev/null || fail "missing: aws, the AWS command line; https://aws.amazon.com/cli says how to get it"
  account=$(aws sts get-caller-identity --query Account --output text 2>/dev/null) \
    || fail "AWS does not know you: run \`aws configure\` or set AWS_PROFILE, and see that \`aws sts get-caller-identity\` answers"
}

# With the compiler that comes with cargo-lambda, which builds for either processor and for the C library that Lambda has.
build() {
  local names=() target
  case $ARCH in
    arm64) target=--arm64 ;;
    x86_64) target=--x86-64 ;;
    *) fail "ARCH must be arm64 or x86_64" ;;
  esac
  for name in "$@"; do names+=(--bin "$name"); done
  eval "$CARGO_LAMBDA" build --profile lambda -p owp-functions --lambda-dir target/lambda $target \
    --no-default-features --features mains,dynamodb "${names[@]}"
}

function_names() {
  for main in functions/src/bin/*.rs; do basename "$main" .rs; done
}

output() {
  aws cloudformation describe-stacks --stack-name "$STACK" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}

apply() {
  local artifacts=${ARTIFACTS:-owp-pool-artifacts-$account-$REGION}
  aws s3api head-bucket --bucket "$artifacts" >/dev/null 2>&1 || aws s3 mb "s3://$artifacts" >/dev/null
  aws cloudformation package --template-file infra/template.yaml --s3-bucket "$artifacts" --s3-prefix "$STACK" \
    --output-template-file target/lambda/packaged.yaml >/dev/null
  # Parameters that are not named keep what they were set to before.
  # shellcheck disable=SC2086
  aws cloudformation deploy --template-file target/lambda/packaged.yaml --stack-name "$STACK" \
    --s3-bucket "$artifacts" --s3-prefix "$STACK" --no-fail-on-empty-changeset \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND \
    --parameter-overrides "Architecture=$ARCH" ${PARAMETERS:-}
}

upload_dashboard() {
  local built=web/dashboard/dist
  [ -d "$built" ] || { echo "no dashboard in $built; the pool is deployed without it"; return; }
  # What carries a hash in its name may be kept for good; the page that names it may not.
  aws s3 sync "$built" "s3://$(output DashboardBucket)" --delete --exclude index.html \
    --cache-control 'public, max-age=31536000, immutable' >/dev/null
  aws s3 cp "$built/index.html" "s3://$(output DashboardBucket)/index.html" --cache-control no-cache >/dev/null
  aws cloudfront create-invalidation --distribution-id "$(output DistributionId)" --paths '/*' >/dev/null
}

announce() {
  aws cloudformation describe-stacks --stack-name "$STACK" --output table \
    --query 'Stacks[0].Outputs[].[OutputKey, OutputValue]'
  echo "the admin token: aws secretsmanager get-secret-value --region $REGION --query SecretString --output text \\"
  echo "  --secret-id $(output AdminTokenSecret)"
}

what=${1:-}
shift || true
case $what in
  stack)
    need_aws
    build
    apply
    upload_dashboard
    announce
    ;;
  functions)
    need_aws
    mapfile -t known < <(function_names)
    names=("$@")
    [ ${#names[@]} -gt 0 ] || names=("${known[@]}")
    for name in "${names[@]}"; do
      [[ " ${known[*]} " == *" $name "* ]] || fail "there is no function $name; functions/src/bin has them"
    done
    build "${names[@]}"
    for name in "${names[@]}"; do
      eval "$CARGO_LAMBDA" deploy --region "$REGION" --lambda-dir target/lambda --binary-name "$name" "$STACK-$name"
    done
    ;;
  *) fail "say what: stack or functions" ;;
esac
