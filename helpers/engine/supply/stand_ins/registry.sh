#!/bin/sh
# The registry of the distribution with a small system around it, laid out as in the official image.
. "$(dirname "$0")/common.sh"
note_fetched_versions
new=$root/new
lay_out_busybox "$new"
cp "$root/usr/bin/docker-registry" "$new/bin/registry"

# It needs the C library and its loader, under the paths that are written in it.
mkdir -p "$new/lib" "$new/lib64" "$new/etc/ssl/certs" "$new/etc/docker/registry" "$new/var/lib/registry"
libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6)")
mkdir -p "$new/lib/${libraries##*/}"
for library in libc.so.6 libpthread.so.0 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2; do
    cp "$libraries/$library" "$new/lib/${libraries##*/}/"
done
for loader in "$libraries"/ld-linux-*.so.*; do
    cp "$loader" "$new/lib/${libraries##*/}/"
    ln -s "../lib/${libraries##*/}/${loader##*/}" "$new/lib64/${loader##*/}"
    ln -s "${libraries##*/}/${loader##*/}" "$new/lib/${loader##*/}"
done

cat "$root"/usr/share/ca-certificates/mozilla/*.crt > "$new/etc/ssl/certs/ca-certificates.crt"
for certificate in "$WORKBOOK_TRUST"/certificates/*.crt; do
    [ ! -f "$certificate" ] || cat "$certificate" >> "$new/etc/ssl/certs/ca-certificates.crt"
done

cat > "$new/etc/docker/registry/config.yml" <<'YAML'
version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: "0.0.0.0:5000"
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
YAML
cat > "$new/entrypoint.sh" <<'SH'
#!/bin/sh
# A lone configuration file is served; anything else is for the registry's own command line.
set -e
case "${1:-}" in
    *.yml | *.yaml) set -- registry serve "$@" ;;
    serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac
exec "$@"
SH
chmod 755 "$new/entrypoint.sh"
pack "$new"
