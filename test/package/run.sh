#!/usr/bin/env bash
# Tries a packed tarball as its users would: installed in a project of its own, and linked in a workspace, where its files
# do not lie below node_modules. Prints each check; the last line counts them: `N passed, N failed`.
# Usage: test/package/run.sh <tarball>
set -uo pipefail

if [[ ! -f ${1:-} ]]; then
  echo 'Usage: test/package/run.sh <tarball>'
  exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)
tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
scratch=$(mktemp -d)
running=''
passed=0
failed=0

# What was told to end may still be writing.
trap 'rm -rf "$scratch" 2>/dev/null || { sleep 2; rm -rf "$scratch"; }' EXIT
trap '[[ -z $running ]] || { kill "$running"; wait "$running"; } 2>/dev/null; exit 143' INT TERM

# What npm, Vitest or this package would obey.
unset "${!LOAD@}" "${!VITEST@}" NODE_ENV NODE_OPTIONS NODE_V8_COVERAGE FORCE_COLOR TEST MODE DEV PROD GITHUB_ACTIONS
export CI=true NO_COLOR=1

# Runs a command for a bounded time; its output goes to $scratch/output.
limited() {
  local seconds=$1 status=0
  shift
  if command -v timeout >/dev/null; then set -- timeout --kill-after=10 "$seconds" "$@"; fi
  "$@" >"$scratch/output" 2>&1 </dev/null &
  running=$!
  wait "$running" || status=$?
  running=''
  return "$status"
}

# A check is a description and a command that must end with the exit code before it.
check() {
  local what=$1 wanted=$2 status=0
  shift 2
  "$@" || status=$?
  if ((status == wanted)); then
    passed=$((passed + 1))
    printf 'ok      %s\n' "$what"
    return
  fi
  failed=$((failed + 1))
  printf 'FAILED  %s: exit code %d, expected %d, of: %s\n' "$what" "$status" "$wanted" "$*"
  sed -e "s|$scratch|<scratch>|g" -e 's|^|        |' "$scratch/output"
  return 1
}

# The output of the last command has a text.
shows() {
  grep -qF -- "$1" "$scratch/output"
}

holds_only_what_is_published() {
  local file missing=0
  tar -tzf "$tarball" | sed 's|^package/||' | grep -v '/$' | sort >"$scratch/files"
  grep -vE '^(dist/.*\.(js|d\.ts)|README\.md|LICENSE|package\.json|CHANGELOG\.md)$' "$scratch/files" >"$scratch/output" && return 1
  for file in dist/src/index.js dist/src/index.d.ts README.md LICENSE package.json; do
    grep -qxF "$file" "$scratch/files" || { echo "missing: $file" >>"$scratch/output" && missing=1; }
  done
  return "$missing"
}

# Writes a package.json: what the arguments say as JSON, with the versions that the repository has.
write_manifest() {
  "$repo/node_modules/.bin/node" --eval '
    const [repository, path, text] = process.argv.slice(1)
    const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(`${repository}/package.json`, "utf8"))
    const versions = { ...dependencies, ...devDependencies }
    const withVersion = (key, value) => (value === "as here" ? versions[key] : value)
    fs.writeFileSync(path, JSON.stringify({ private: true, type: "module", ...JSON.parse(text, withVersion) }, null, 2))
  ' "$repo" "$1/package.json" "$2"
}

tools='"vitest": "as here", "typescript": "as here", "@types/node": "as here", "zod": "as here"'
# The machine may have another Node.js: npx runs this one. It comes by an install script.
node='"node": "as here"'
approved='"allowScripts": { "node": true }'

install() {
  cd "$1" && limited 240 npm install --no-audit --no-fund --prefer-offline
}

# Otherwise the machine's own Node.js would have run all this.
runs_node_of_repository() {
  cd "$1" && limited 20 npx --no -- node --version && shows "$("$repo/node_modules/.bin/node" --version)"
}

# The package lies where the kind of project wants it, once resolved: below node_modules or not.
resolves_to() {
  "$repo/node_modules/.bin/node" --print 'fs.realpathSync(process.argv[1])' "$1" >"$scratch/output" 2>&1 && shows "$2"
}

types() {
  cd "$1" && shift && limited 60 npx --no -- tsc --noEmit "$@"
}

vitest() {
  cd "$1" && rm -rf .vitest-load server-counts.json && limited 90 npx --no -- vitest run --project "$2"
}

quickstart() {
  cd "$1" && limited 60 npm run "$2"
}

same_counts() {
  limited 20 "$repo/node_modules/.bin/node" "$here/compare-counts.ts" "$1"
}

breach_points_at_its_line() {
  shows "breach/too-slow.spec.ts:$(grep -n 'toBeBelow' "$1/breach/too-slow.spec.ts" | cut -d: -f1):"
}

# What has to hold in a project, wherever the package lies.
try_project() {
  local app=$1
  check 'the Node.js of the repository' 0 runs_node_of_repository "$app"
  check 'types, with those of dependencies, as Node resolves' 0 types "$app"
  check 'types, as a bundler resolves' 0 types "$app" --module esnext --moduleResolution bundler
  check 'the functional project' 0 vitest "$app" functional
  check 'the load project' 0 vitest "$app" load
  check 'the report in the terminal' 0 shows 'PASS  shopping'
  check 'the report counts what the server counted' 0 same_counts "$app"
  check 'a breached objective fails the run' 1 vitest "$app" breach
  check 'the breach points at its line in the spec' 0 breach_points_at_its_line "$app"
}

printf 'The tarball %s\n' "$(basename "$tarball")"
check 'holds only what is published' 0 holds_only_what_is_published

printf '\nInstalled in a project of its own\n'
app=$scratch/tarball
mkdir -p "$app" && cp -R "$here/fixture/." "$app"
write_manifest "$app" "{ \"devDependencies\": { \"vitest-load\": \"file:$tarball\", $tools, $node }, $approved }"
if check 'npm install' 0 install "$app"; then
  check 'lies below node_modules' 0 resolves_to "$app/node_modules/vitest-load" "/node_modules/vitest-load"
  try_project "$app"
fi

printf '\nThe quickstart\n'
app=$scratch/quickstart
mkdir -p "$app" && cp -R "$repo/examples/quickstart/." "$app"
(cd "$app" && npm pkg set --loglevel=error "devDependencies.vitest-load=file:$tarball" "devDependencies.node=$("$repo/node_modules/.bin/node" --print 'process.versions.node')" && npm pkg set --json --loglevel=error allowScripts.node=true)
if check 'npm install' 0 install "$app"; then
  check 'npm test' 0 quickstart "$app" test
  check 'npm run load' 0 quickstart "$app" load
  check 'its report' 0 shows 'PASS  buying'
fi

printf '\nLinked in a workspace\n'
root=$scratch/workspace
app=$root/packages/app
library=$root/packages/vitest-load
mkdir -p "$app" "$library" && cp -R "$here/fixture/." "$app" && tar -xzf "$tarball" -C "$library" --strip-components=1
# A member's own tools would be installed too, and none of them is used.
(cd "$library" && npm pkg delete --loglevel=error devDependencies scripts)
write_manifest "$root" "{ \"workspaces\": [\"packages/*\"], \"devDependencies\": { $node }, $approved }"
write_manifest "$app" "{ \"name\": \"app\", \"version\": \"1.0.0\", \"devDependencies\": { \"vitest-load\": \"*\", $tools } }"
if check 'npm install' 0 install "$root"; then
  check 'does not lie below node_modules' 0 resolves_to "$root/node_modules/vitest-load" "$library"
  try_project "$app"
fi

printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
