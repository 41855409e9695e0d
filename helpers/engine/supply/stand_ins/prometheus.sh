#!/bin/sh
# The distribution's Prometheus with a small system around it, laid out as in the official image.
. "$(dirname "$0")/common.sh"
note_fetched_versions
new=$root/new
lay_out_busybox "$new"
cp "$root/usr/bin/prometheus" "$new/bin/prometheus"
lay_out_c_library "$new"
lay_out_certificates "$new"

# Its pages use scripts of other packages, by links: busybox follows them from inside the tree.
mkdir -p "$new/usr/share"
"$root/usr/bin/busybox" chroot "$root" /usr/bin/busybox cp -rL /usr/share/prometheus /new/usr/share/
rm -rf "$new/usr/share/prometheus/install-ui.sh" "$new/usr/share/prometheus/web/no-ui"
find "$new/usr/share/prometheus/web/static/moment-timezone" -type f ! -name '*-with-data.min.js' -delete

mkdir -p "$new/etc/prometheus" "$new/prometheus"
cat > "$new/etc/prometheus/prometheus.yml" <<'YAML'
global:
  scrape_interval: 15s
scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ["localhost:9090"]
YAML
chown -R 65534:65534 "$new/etc/prometheus" "$new/prometheus"
pack "$new"
