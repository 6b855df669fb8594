#!/bin/bash
# release.sh NEXT [SCRIPTS]: closes the current version and opens the next one, in two commits and a tag.
#
#   closes  the changelog's section gets its date and, after the first release, the subjects of the commits since the last one;
#           tag vPRESENT
#   opens   the version in CMakeLists.txt, its one home, and META.json, which PGXN reads; the install scripts of the closed one in sql/updates/, from which the
#           build makes the upgrade scripts; a new section in the changelog
#
# SCRIPTS is the folder with the built install scripts (build/release/sql). Refuses to run if the working tree is not
# clean, or NEXT is not a later version. Nothing is pushed.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'release: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

[ $# -ge 1 ] || fail "should be: scripts/release.sh NEXT, e.g. scripts/release.sh 0.2.0"
next=$1
scripts=${2:-build/release/sql}
[[ $next =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "Invalid version \"$next\"; should be three numbers, e.g. 0.2.0"
present=$(sed -n 's/^project(geocell VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ -n "$present" ] || fail "CMakeLists.txt does not say the present version"
[ "$next" != "$present" ] && [ "$(printf '%s\n%s\n' "$present" "$next" | sort -V | tail -1)" = "$next" ] ||
  fail "Invalid version \"$next\"; should be later than the present $present"
[ -z "$(git status --porcelain)" ] || fail "the working tree has changes; commit or stash them first"
! git rev-parse -q --verify "refs/tags/v$present" >/dev/null || fail "tag v$present is there already"
grep -q "^## $present (unreleased)$" CHANGELOG.md || fail "CHANGELOG.md has no section \"## $present (unreleased)\""
for extension in geocell geocell_postgis; do
  [ -s "$scripts/$extension--$present.sql" ] || fail "$scripts/$extension--$present.sql is not there; make build first"
done

last=$(git tag --list 'v*' --sort=-v:refname | head -1)
commits=
[ -z "$last" ] || commits=$(git log --reverse --no-merges --format='- %s' "$last..HEAD")
SECTION="## $present ($(date -u +%Y-%m-%d))" COMMITS=$commits LAST=$last awk -v heading="## $present (unreleased)" '
  function commits() { if (open && ENVIRON["COMMITS"] != "") print "Commits since " ENVIRON["LAST"] ":\n\n" ENVIRON["COMMITS"] "\n"; open = 0 }
  $0 == heading { print ENVIRON["SECTION"]; open = 1; next }
  /^## / { commits() }
  { print }
  END { if (open && ENVIRON["COMMITS"] != "") print ""; commits() }' CHANGELOG.md >CHANGELOG.md.new
mv CHANGELOG.md.new CHANGELOG.md
git add CHANGELOG.md
git commit -q -m "Release $present"
git tag -a "v$present" -m "geocell $present"

cp "$scripts/geocell--$present.sql" "$scripts/geocell_postgis--$present.sql" sql/updates/
sed -i "s/^project(geocell VERSION $present/project(geocell VERSION $next/" CMakeLists.txt
sed -i "s/\"version\": \"$present\"/\"version\": \"$next\"/" META.json
sed -i "0,/^## /s//## $next (unreleased)\n\n## /" CHANGELOG.md
git add CMakeLists.txt META.json CHANGELOG.md sql/updates
git commit -q -m "Open $next"
say "v$present is tagged, $next is open; git push --follow-tags publishes it"
