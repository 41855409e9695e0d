#!/bin/sh
# A Docker Engine and its client with a small system around them, laid out as in the official image.
# They are WORKBOOK_TREE, unpacked packages in the cache, whose versions WORKBOOK_TREE_VERSIONS tells.
. "$(dirname "$0")/common.sh"
note_fetched_versions
new=$root/new
lay_out_busybox "$new"
printf '%s\n' "$WORKBOOK_TREE_VERSIONS" >> "$WORKBOOK_OUT/packages"
sed -n 's/^docker.io \([0-9.]*\).*/ENV DOCKER_VERSION=\1/p' "$WORKBOOK_OUT/packages" > "$WORKBOOK_OUT/instructions"

# Plug-ins of the client, 140 MB of them, are for whoever types at the engine, not for a node.
cp -a "$WORKBOOK_TREE/usr/." "$new/usr/"
rm -rf "$new/usr/libexec/docker/cli-plugins" "$new/usr/share"
mkdir -p "$new/usr/local/bin" "$new/run" "$new/var/lib/docker" "$new/etc/docker"
for folder in lib lib64; do
    [ ! -d "$new/usr/$folder" ] || ln -s "usr/$folder" "$new/$folder"
done
ln -s ../run "$new/var/run"
lay_out_certificates "$new"
printf '%s\n' 'hosts: files dns' > "$new/etc/nsswitch.conf"

cat > "$new/usr/local/bin/dockerd-entrypoint.sh" <<'SH'
#!/bin/sh
# dockerd below a first process that collects what ends; what else docker knows is a command of its.
set -e
case "${1:-}" in
    "" | -*) set -- dockerd --host=unix:///var/run/docker.sock "$@" ;;
esac
if [ "$1" != dockerd ]; then
    ! docker help "$1" > /dev/null 2>&1 || set -- docker "$@"
    exec "$@"
fi
rm -f /run/docker*.pid /run/*/docker*.pid
export container=docker
# With the second generation of control groups, one that has processes can have no children with
# limits: so these processes go into a group of their own.
groups=/sys/fs/cgroup
if [ -f $groups/cgroup.controllers ]; then
    mkdir -p $groups/init
    while read -r process; do
        echo "$process" > $groups/init/cgroup.procs || true
    done < $groups/cgroup.procs 2> /dev/null
    for controller in $(cat $groups/cgroup.controllers); do
        echo "+$controller" > $groups/cgroup.subtree_control || true
    done
fi
mount --make-rshared /
exec docker-init -- "$@"
SH
chmod 755 "$new/usr/local/bin/dockerd-entrypoint.sh"
pack "$new"
