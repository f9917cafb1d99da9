#!/usr/bin/env bash
# Installs Debian's PostGIS, a rival of `make bench ONLY=choose`, when this user may; without it that row says "not run".
set -euo pipefail
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql-15-postgis-3 >/dev/null
  exit 0
fi
echo "성능 비교에는 PostGIS가 필요합니다: 관리자에게 'apt-get install postgresql-15-postgis-3'을 요청하세요." >&2
echo "The comparison needs PostGIS; ask an administrator for: apt-get install postgresql-15-postgis-3" >&2
