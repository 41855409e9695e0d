# Runs a program of the image as the image's settings say: `enter app` the app itself, `enter exec
# WORDS…` another one. In the image's root; busybox and this file come from outside of it.
outside=/proc/1/root
what=$1
shift
. "$outside/etc/app"
[ "$what" = app ] && eval "set -- $APP"
[ $# -gt 0 ] || { echo "workbook: this image names no program to run"; exit 127; }
cd "$WORKING_FOLDER" 2> /dev/null || { echo "workbook: there is no folder $WORKING_FOLDER"; exit 126; }

# The first program of that name on the PATH, so that it is the image's and not one of busybox's.
program=$1
shift
case $program in
    */*) ;;
    *)
        found=
        IFS=:
        for folder in $PATH; do
            [ -z "$found" ] && [ -f "$folder/$program" ] && [ -x "$folder/$program" ] && found=$folder/$program
        done
        unset IFS
        [ -n "$found" ] || { echo "workbook: $program is not in this image"; exit 127; }
        program=$found
        ;;
esac
[ -x "$program" ] || { echo "workbook: $program is not in this image"; exit 127; }
[ -n "$USER_ID" ] || exec "$program" "$@"
# Without a file of process numbers it would not start what already runs; one that is not there is
# fine, one below something that is no folder is not.
exec "$outside/bin/busybox" start-stop-daemon -S -p "$outside/none" -c "$USER_ID" -x "$program" -- "$@"
