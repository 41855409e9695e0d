#!/bin/sh
# busybox, and nothing but busybox.
. "$(dirname "$0")/common.sh"
note_fetched_versions
lay_out_busybox "$root/new"
pack "$root/new"
