#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs Debian's when this user may.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  exit 0
fi
echo "브라우저 시험에는 Chromium이 필요합니다: 관리자에게 'apt-get install chromium'을 요청하세요." >&2
echo "The browser tests need Chromium; ask an administrator for: apt-get install chromium" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
