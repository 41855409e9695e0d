#!/bin/sh
# The distribution's PostgreSQL with a small system around it, laid out as in the official image.
. "$(dirname "$0")/common.sh"
note_fetched_versions
major=17
new=$root/new
lay_out_busybox "$new"
lay_out_c_library "$new"
triplet=${libraries##*/}
server=$root/usr/lib/postgresql/$major
sed -n "s/^postgresql-$major /ENV PG_VERSION=/p" "$WORKBOOK_OUT/packages" > "$WORKBOOK_OUT/instructions"

# The server, its clients and extensions. What compiles queries would bring a compiler of 115 MB.
mkdir -p "$new/usr/lib/postgresql" "$new/usr/lib/$triplet" "$new/usr/lib/locale" "$new/usr/share" \
    "$new/usr/local/bin"
rm -rf "$server/lib/bitcode" "$server"/lib/llvmjit* "$server/lib/pgxs" "$root/usr/share/postgresql/$major/man"
cp -a "$server" "$new/usr/lib/postgresql/"
cp -a "$root/usr/share/postgresql" "$root/usr/share/zoneinfo" "$new/usr/share/"
cp "$root/usr/bin/bash" "$new/bin/bash"
ln -s ../../bin/bash "$new/usr/bin/bash"
cp "$root/usr/sbin/gosu" "$new/usr/local/bin/gosu"
cp "$root/usr/bin/locale" "$new/usr/bin/locale"
for program in psql pg_isready pg_dump pg_dumpall pg_restore createdb dropdb createuser dropuser; do
    ln -s "../lib/postgresql/$major/bin/$program" "$new/usr/bin/$program"
done

# All libraries that these programs load, and those that they load in turn.
loaded_by() {
    for program in "$@"; do
        "$libraries"/ld-linux-*.so.* --library-path "$libraries" --list "$program" 2>/dev/null || true
    done | sed -n "s,.* => \($libraries/[^ ]*\) .*,\1,p" | sort -u
}
wrapper=$libraries/libnss_wrapper.so
for library in $(loaded_by "$root/usr/bin/bash" "$server"/bin/* "$server"/lib/*.so "$wrapper") "$wrapper"; do
    [ -e "$new/lib/$triplet/${library##*/}" ] || cp -L "$library" "$new/usr/lib/$triplet/"
done

# The locale that databases are made with, and the one that needs no language.
export I18NPATH="$root/usr/share/i18n"
"$libraries"/ld-linux-*.so.* --library-path "$libraries" "$root/usr/bin/localedef" --prefix="$new" \
    -i en_US -f UTF-8 -c en_US.UTF-8
cp -a "$root/usr/lib/locale/C.utf8" "$new/usr/lib/locale/"

# Its user, its folders, and a server that others reach.
echo 'postgres:x:999:999:PostgreSQL:/var/lib/postgresql:/bin/bash' >> "$new/etc/passwd"
echo 'postgres:x:999:' >> "$new/etc/group"
echo 'postgres:*::0:::::' >> "$new/etc/shadow"
ln -s ../run "$new/var/run"
mkdir -p "$new/run/postgresql" "$new/var/lib/postgresql/data" "$new/docker-entrypoint-initdb.d"
chown -R 999:999 "$new/run/postgresql" "$new/var/lib/postgresql"
chmod 3777 "$new/run/postgresql"
chmod 1777 "$new/var/lib/postgresql/data"
ln -s "$major/postgresql.conf.sample" "$new/usr/share/postgresql/postgresql.conf.sample"
sed -i "s/^#listen_addresses = 'localhost'/listen_addresses = '*'/" \
    "$new/usr/share/postgresql/$major/postgresql.conf.sample"
cp "$(dirname "$0")/postgres-entrypoint.sh" "$new/usr/local/bin/docker-entrypoint.sh"
chmod 755 "$new/usr/local/bin/docker-entrypoint.sh"
pack "$new"
