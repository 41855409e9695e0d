#!/bin/sh
# A Docker Engine and its client with a small system around them, laid out as in the official image.
# They are WORKBOOK_TREE, unpacked packages in the cache, whose versions WORKBOOK_TREE_VERSIONS tells.
. "$(dirname "$0")/dind-layout.sh"
lay_out_engine
pack "$new"
