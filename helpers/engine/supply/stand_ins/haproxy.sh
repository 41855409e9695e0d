#!/bin/sh
# The distribution's HAProxy with a small system around it, laid out as in the official image.
. "$(dirname "$0")/common.sh"
note_fetched_versions
new=$root/new
lay_out_busybox "$new"
lay_out_c_library "$new"
sed -n 's/^haproxy \([0-9.]*\).*/ENV HAPROXY_VERSION=\1/p' "$WORKBOOK_OUT/packages" > "$WORKBOOK_OUT/instructions"

mkdir -p "$new/usr/lib/${libraries##*/}" "$new/usr/local/bin" "$new/usr/local/sbin" \
    "$new/usr/local/etc/haproxy" "$new/var/lib/haproxy"
cp "$root/usr/sbin/haproxy" "$new/usr/local/sbin/haproxy"
"$libraries"/ld-linux-*.so.* --library-path "$libraries" --list "$root/usr/sbin/haproxy" \
    | sed -n "s,.* => \($libraries/[^ ]*\) .*,\1,p" | while read -r library; do
    [ -e "$new/lib/${libraries##*/}/${library##*/}" ] || cp -L "$library" "$new/usr/lib/${libraries##*/}/"
done
# The pages of errors, which configurations name, stand where the official image has them.
cp -a "$root/etc/haproxy/errors" "$new/usr/local/etc/haproxy/errors"

echo 'haproxy:x:99:99:HAProxy:/var/lib/haproxy:/bin/false' >> "$new/etc/passwd"
echo 'haproxy:x:99:' >> "$new/etc/group"
chown 99:99 "$new/var/lib/haproxy"
cat > "$new/usr/local/bin/docker-entrypoint.sh" <<'SH'
#!/bin/sh
# HAProxy in the foreground, as master and worker, so that SIGHUP reloads its configuration.
set -e
case "${1:-}" in -*) set -- haproxy "$@" ;; esac
if [ "${1:-}" = haproxy ]; then
    shift
    set -- haproxy -W -db "$@"
fi
exec "$@"
SH
chmod 755 "$new/usr/local/bin/docker-entrypoint.sh"
pack "$new"
