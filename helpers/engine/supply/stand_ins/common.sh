# What the scripts beside this one share. They run as mmdebstrap's hooks: $1 is the tree of the image
# to be, WORKBOOK_OUT a folder for what they find out, WORKBOOK_PACKAGES the packages whose versions the
# image's label names. Nothing of this machine goes in: the archive is shared with others.
set -eu
root=$1
export LC_ALL=C.UTF-8

# Writes the versions of the packages that were fetched, and parts with the folder they are kept in.
note_fetched_versions() {
    for name in $WORKBOOK_PACKAGES; do
        newest=$(ls -t "$root"/var/cache/apt/archives/"$name"_*.deb | head -n 1)
        echo "$name $(dpkg-deb --field "$newest" Version)"
    done > "$WORKBOOK_OUT/packages"
    umount "$root/var/cache/apt/archives"
}

# The date of the newest file that came with a package, in seconds since 1970. Everything made later
# gets that date, so that the same packages make the same archive.
newest_date() {
    find "$root/usr" -type f ! -newer "$WORKBOOK_OUT/started" -printf '%T@\n' | sort -n | tail -n 1 | cut -d . -f 1
}

# Packs the tree $1 as the image's archive.
pack() {
    tar --create --file="$WORKBOOK_OUT/image.tar" --format=gnu --sort=name --numeric-owner --one-file-system \
        --clamp-mtime --mtime="@$(newest_date)" --exclude='./dev/?*' --exclude='./proc/?*' --exclude='./sys/?*' \
        --directory="$1" .
}

# The folders, users and applets that busybox's official image has, in the tree $1.
lay_out_busybox() {
    tree=$1
    mkdir -p "$tree/bin" "$tree/dev" "$tree/etc" "$tree/home" "$tree/proc" "$tree/root" "$tree/sys" \
        "$tree/tmp" "$tree/usr/bin" "$tree/usr/sbin" "$tree/var/spool/mail" "$tree/var/www" "$tree/var/lib"
    chmod 1777 "$tree/tmp"
    chmod 700 "$tree/root"
    ln -s bin "$tree/sbin"
    cp --preserve=mode,timestamps "$root/usr/bin/busybox" "$tree/bin/busybox"
    "$root/usr/bin/busybox" --list | while read -r applet; do
        [ "$applet" = busybox ] || ln "$tree/bin/busybox" "$tree/bin/$applet"
    done
    ln -s ../../bin/env "$tree/usr/bin/env"
    printf '%s\n' root:x:0:0:root:/root:/bin/sh daemon:x:1:1:daemon:/usr/sbin:/bin/false \
        bin:x:2:2:bin:/bin:/bin/false sys:x:3:3:sys:/dev:/bin/false sync:x:4:100:sync:/bin:/bin/sync \
        mail:x:8:8:mail:/var/spool/mail:/bin/false www-data:x:33:33:www-data:/var/www:/bin/false \
        operator:x:37:37:Operator:/var:/bin/false nobody:x:65534:65534:nobody:/home:/bin/false \
        > "$tree/etc/passwd"
    printf '%s\n' root:x:0: daemon:x:1: bin:x:2: sys:x:3: adm:x:4: tty:x:5: disk:x:6: mail:x:8: \
        wheel:x:10: www-data:x:33: utmp:x:43: staff:x:50: users:x:100: nobody:x:65534: > "$tree/etc/group"
    printf '%s\n' root:::0::::: nobody:'*'::0::::: > "$tree/etc/shadow"
    chmod 600 "$tree/etc/shadow"
}

# The C library and its loader, with what finds names in a network, in the tree $1: they stand under
# the paths that are written in programs.
lay_out_c_library() {
    tree=$1
    libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6)")
    mkdir -p "$tree/lib/${libraries##*/}" "$tree/lib64"
    for library in libc.so.6 libpthread.so.0 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2; do
        cp "$libraries/$library" "$tree/lib/${libraries##*/}/"
    done
    for loader in "$libraries"/ld-linux-*.so.*; do
        cp "$loader" "$tree/lib/${libraries##*/}/"
        ln -s "../lib/${libraries##*/}/${loader##*/}" "$tree/lib64/${loader##*/}"
        ln -s "${libraries##*/}/${loader##*/}" "$tree/lib/${loader##*/}"
    done
}

# The certificates of the distribution in the tree $1.
lay_out_certificates() {
    mkdir -p "$1/etc/ssl/certs"
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt > "$1/etc/ssl/certs/ca-certificates.crt"
}
