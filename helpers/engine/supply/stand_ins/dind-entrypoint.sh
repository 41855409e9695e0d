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
