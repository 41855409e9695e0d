#!/bin/bash
# The first process of the PostgreSQL stand-in. It does what the official image is documented to do
# (https://hub.docker.com/_/postgres), in words and code of its own.
set -Eeo pipefail
shopt -s nullglob

scripts=/docker-entrypoint-initdb.d
# How long at least the server of the first start listens on its socket alone. With the official
# image that takes as long as it takes; here it is long enough for everybody to see it.
window_microseconds=1500000

say() { printf 'entry point: %s\n' "$*"; }

refuse() {
    printf 'entry point: %s\n' "$@" >&2
    exit 1
}

now_microseconds() { echo "${EPOCHREALTIME//[!0-9]/}"; }

# Whether the server is only asked about itself.
asks_for_words() {
    local word
    for word in "$@"; do
        case $word in -\? | --help | -V | --version | --describe-config) return 0 ;; esac
    done
    return 1
}

# Sets the variable from the file that NAME_FILE names; $2 is its value where neither is given.
take_setting() {
    local name=$1 file=$1_FILE
    if [ -n "${!file:-}" ]; then
        [ -z "${!name:-}" ] || refuse "Both $name and $file are set, and only one of them can count."
        [ -r "${!file}" ] || refuse "$file names ${!file}, which cannot be read."
        export "$name=$(< "${!file}")"
    fi
    unset "$file"
    export "$name=${!name:-$2}"
}

take_settings() {
    take_setting POSTGRES_PASSWORD ""
    take_setting POSTGRES_USER postgres
    take_setting POSTGRES_DB "$POSTGRES_USER"
    take_setting POSTGRES_INITDB_ARGS ""
}

# The folders of data, of the write-ahead log and of the socket, for the server's user alone.
lay_out_folders() {
    local folders=("$PGDATA" ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"})
    mkdir -p "${folders[@]}" /run/postgresql
    chmod 700 "${folders[@]}" || true
    chmod 3775 /run/postgresql || true
    if [ "$(id -u)" = 0 ]; then
        find "${folders[@]}" /run/postgresql ! -user postgres -exec chown postgres {} +
    fi
}

need_password() {
    [ -z "$POSTGRES_PASSWORD" ] || return 0
    [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ] || return 0
    refuse "There is no database yet, and no password for its superuser." \
        "Give one that is not empty: -e POSTGRES_PASSWORD=..., or a file with POSTGRES_PASSWORD_FILE." \
        "POSTGRES_HOST_AUTH_METHOD=trust lets everybody in without one: for experiments only." \
        "See https://www.postgresql.org/docs/17/auth-trust.html"
}

# initdb wants a user with a name; this one gets one where /etc/passwd has none for it.
name_this_user() {
    ! id -un > /dev/null 2>&1 || return 0
    NSS_WRAPPER_PASSWD=$(mktemp) NSS_WRAPPER_GROUP=$(mktemp)
    echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" > "$NSS_WRAPPER_PASSWD"
    echo "postgres:x:$(id -g):" > "$NSS_WRAPPER_GROUP"
    export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
}

forget_name() {
    [ -z "${NSS_WRAPPER_PASSWD:-}" ] || rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
    unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
}

make_cluster() {
    local more=() words
    eval "words=($POSTGRES_INITDB_ARGS)"
    [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || more+=(--waldir "$POSTGRES_INITDB_WALDIR")
    if [ -n "$POSTGRES_PASSWORD" ]; then
        initdb --username "$POSTGRES_USER" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") \
            "${more[@]}" "${words[@]}"
    else
        initdb --username "$POSTGRES_USER" "${more[@]}" "${words[@]}"
    fi
}

# Lets other machines in; initdb has let in whoever is in this container.
admit_others() {
    local method=${POSTGRES_HOST_AUTH_METHOD:-}
    [ -n "$method" ] || method=$("$@" -C password_encryption)
    [ "$method" != trust ] || say "everybody who reaches this server is let in without a password" >&2
    printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
}

# A server for this first start, that nobody reaches but through the socket.
start_inside() {
    local options
    printf -v options '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}"
    pg_ctl --options "$options" --wait start
}

as_superuser() {
    psql --no-psqlrc --no-password --variable ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"
}

make_database() {
    as_superuser --quiet --dbname postgres --variable name="$POSTGRES_DB" <<'SQL'
SELECT format('CREATE DATABASE %I', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
}

run_scripts() {
    local file
    for file in "$scripts"/*; do
        case $file in
            *.sh)
                if [ -x "$file" ]; then say "running $file"; "$file"; else say "reading $file"; . "$file"; fi ;;
            *.sql) say "running $file"; as_superuser --dbname "$POSTGRES_DB" --file "$file" ;;
            *.sql.gz) say "running $file"; gunzip -c "$file" | as_superuser --dbname "$POSTGRES_DB" ;;
            *.sql.xz) say "running $file"; xzcat "$file" | as_superuser --dbname "$POSTGRES_DB" ;;
            *) say "passing over $file" ;;
        esac
    done
}

wait_until_seen() {
    local left=$(($1 + window_microseconds - $(now_microseconds)))
    [ "$left" -gt 0 ] || return 0
    sleep "$(printf '%d.%06d' $((left / 1000000)) $((left % 1000000)))"
}

initialise() {
    local began
    trap 'exit 130' INT TERM
    need_password
    name_this_user
    make_cluster
    admit_others "$@"
    export PGPASSWORD=$POSTGRES_PASSWORD
    say "a first server starts, for this container alone, and makes the database"
    start_inside "$@"
    began=$(now_microseconds)
    make_database
    run_scripts
    wait_until_seen "$began"
    pg_ctl --mode fast --wait stop
    unset PGPASSWORD
    forget_name
    say "PostgreSQL is initialised and starts for all"
}

case ${1:-postgres} in -*) set -- postgres "$@" ;; esac
if [ "${1:-}" = postgres ] && ! asks_for_words "$@"; then
    take_settings
    lay_out_folders
    [ "$(id -u)" != 0 ] || exec gosu postgres "$0" "$@"
    if [ -s "$PGDATA/PG_VERSION" ]; then
        say "there is a database in $PGDATA already; it is left as it is"
    else
        initialise "$@"
    fi
fi
exec "$@"
