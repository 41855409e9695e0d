#!/bin/sh
# A Debian with python3, made to look like the official python image from inside. Runs twice: before
# the packages are set up (`python.sh ROOT unpacked`) and after (`python.sh ROOT`).
. "$(dirname "$0")/common.sh"

if [ "${2:-}" = unpacked ]; then
    # In place before dpkg sets up what is in them, so that none of it is written twice.
    printf '%s\n' force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
    printf '%s\n' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' \
        'path-exclude=/usr/share/locale/*' 'path-exclude=/usr/share/lintian/*' \
        'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' \
        'path-exclude=/usr/lib/python3*/EXTERNALLY-MANAGED' > "$root/etc/dpkg/dpkg.cfg.d/docker"
    rm -rf "$root"/usr/share/man/* "$root"/usr/share/info/* "$root"/usr/share/locale/* \
        "$root"/usr/share/lintian
    find "$root/usr/share/doc" ! -type d ! -name copyright -delete
    mkdir -p "$root/usr/local/share/ca-certificates"
    exit 0
fi

inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root chroot "$root" "$@"; }

for name in $WORKBOOK_PACKAGES; do
    echo "$name $(dpkg-query --admindir="$root/var/lib/dpkg" --show --showformat='${Version}' "$name")"
done > "$WORKBOOK_OUT/packages"
full=$(inside python3 -c 'import platform; print(platform.python_version())')
short=${full%.*}
echo "ENV PYTHON_VERSION=$full" > "$WORKBOOK_OUT/instructions"

# python, python3 and pip stand in /usr/local, and packages go to …/site-packages, where the
# COPY --from of a multi-stage Dockerfile looks for them.
for name in python python3 "python$short"; do ln -s "/usr/bin/python$short" "$root/usr/local/bin/$name"; done
site=/usr/local/lib/python$short
mkdir -p "$root$site"
[ ! -d "$root$site/dist-packages" ] || mv "$root$site/dist-packages" "$root$site/site-packages"
mkdir -p "$root$site/site-packages"
ln -s site-packages "$root$site/dist-packages"
wheel=$(cd "$root" && ls usr/share/python-wheels/pip-*.whl)
inside python3 "/$wheel/pip" install --quiet --no-index --no-cache-dir --no-compile --ignore-installed \
    --root-user-action=ignore --disable-pip-version-check "/$wheel"
sed -i '1s,^#!.*,#!/usr/local/bin/python3,' "$root"/usr/local/bin/pip*

# apt as in Debian's own image: it leaves no caches in a layer, and starts no services.
rm -f "$root/etc/apt/sources.list" "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/apt/apt.conf.d/99debconf"
cat > "$root/etc/apt/sources.list.d/debian.sources" <<SOURCES
Types: deb
URIs: http://deb.debian.org/debian
Suites: $WORKBOOK_SUITE $WORKBOOK_SUITE-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: $WORKBOOK_SUITE-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
cat > "$root/etc/apt/apt.conf.d/docker-clean" <<'APT'
// Nothing that apt can fetch or compute again stays in a layer.
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT
echo 'Acquire::GzipIndexes "true";' > "$root/etc/apt/apt.conf.d/docker-gzip-indexes"
echo 'Acquire::Languages "none";' > "$root/etc/apt/apt.conf.d/docker-no-languages"
echo 'Apt::AutoRemove::SuggestsImportant "false";' > "$root/etc/apt/apt.conf.d/docker-autoremove-suggests"
printf '#!/bin/sh\n# No service is started while a package is installed.\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

# Bytecode names the date of its source, so the sources get theirs first.
date=$(newest_date)
find "$root$site" -exec touch --no-dereference --date="@$date" {} +
inside python3 -m compileall -q -j 0 "$site/site-packages"

# What this machine, or this day, would leave in it.
umount "$root/var/cache/apt/archives"
rm -rf "$root"/etc/resolv.conf "$root"/etc/hostname "$root"/etc/*- "$root"/etc/apt/apt.conf.d/00mmdebstrap \
    "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/var/cache/ldconfig/aux-cache \
    "$root"/var/log/*.log "$root"/var/log/apt/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin \
    "$root"/var/lib/dbus/machine-id "$root"/run/* "$root"/tmp/*
mkdir -p "$root/run/lock"
[ ! -e "$root/etc/machine-id" ] || : > "$root/etc/machine-id"
sed -i 's/^\([^:]*:[^:]*\):[0-9]*:/\1:20000:/' "$root/etc/shadow"
pack "$root"
