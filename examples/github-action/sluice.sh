#!/usr/bin/env bash
# What the action runs: `plan` leaves comment.md, plan.json and page.html in $SLUICE_OUT; `apply` makes a
# plan of what was merged, keeps it, and applies just that.
set -uo pipefail

mkdir -p "$SLUICE_OUT"
read -r -a syncs <<<"${SLUICE_SYNCS:-}"
flags=()
if [[ -n "${SLUICE_ORG:-}" ]]; then flags+=(--org "$SLUICE_ORG"); fi
sluice() { npx --yes "sluice@${SLUICE_VERSION:-latest}" "$@"; }
if [[ -n "${SLUICE_BIN:-}" ]]; then sluice() { "$SLUICE_BIN" "$@"; }; fi

case "$SLUICE_COMMAND" in
  plan)
    sluice plan "${syncs[@]}" "${flags[@]}" --format markdown --detailed-exitcode \
      --out "$SLUICE_OUT/plan.json" >"$SLUICE_OUT/comment.md" 2>"$SLUICE_OUT/problems.txt"
    code=$?
    cat "$SLUICE_OUT/problems.txt" >&2
    if [[ $code -ne 0 && $code -ne 2 ]]; then
      # The comment says why there is no plan; a fence longer than any in the text keeps it a text.
      {
        echo "### Sluice plan"
        echo
        echo "There is no plan (exit code $code):"
        echo '``````text'
        head -c 50000 "$SLUICE_OUT/problems.txt"
        echo '``````'
      } >"$SLUICE_OUT/comment.md"
    fi
    cat "$SLUICE_OUT/comment.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    if [[ $code -eq 2 ]]; then echo "changes=true"; else echo "changes=false"; fi \
      >>"${GITHUB_OUTPUT:-/dev/null}"
    if [[ $code -eq 2 ]]; then exit 0; fi
    exit "$code"
    ;;
  apply)
    sluice plan "${syncs[@]}" "${flags[@]}" --out "$SLUICE_OUT/plan.json" || exit $?
    sluice apply "$SLUICE_OUT/plan.json" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
    exit "${PIPESTATUS[0]}"
    ;;
  *)
    echo "command is \"$SLUICE_COMMAND\"; it must be plan or apply." >&2
    exit 3
    ;;
esac
