#!/bin/sh
# The registry of the distribution with a small system around it, laid out as in the official image.
. "$(dirname "$0")/common.sh"
note_fetched_versions
new=$root/new
lay_out_busybox "$new"
cp "$root/usr/bin/docker-registry" "$new/bin/registry"

mkdir -p "$new/etc/docker/registry" "$new/var/lib/registry"
lay_out_c_library "$new"
lay_out_certificates "$new"

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
