# An engine and its client with a small system around them, laid out in the tree $new.
. "$(dirname "$0")/common.sh"

lay_out_engine() {
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

    cp "$(dirname "$0")/dind-entrypoint.sh" "$new/usr/local/bin/dockerd-entrypoint.sh"
    chmod 755 "$new/usr/local/bin/dockerd-entrypoint.sh"
}
