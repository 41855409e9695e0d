# Runs in the build tree: `compile.sh SOURCE-PACKAGE FOLDER-OF-WHAT-IS-COMPILED` leaves the programs in /build/bin.
set -eu
# 1.20.5+really1.20.2-1.1+deb12u1 is Kubernetes 1.20.2.
release=$(sed -n 's/^Version: //p' "$1" | head -n 1 | sed 's/.*really//; s/-.*//')
export GO111MODULE=off CGO_ENABLED=0 GOPATH=/build/go GOBIN=/build/bin GOCACHE="$2"
export KUBE_GIT_VERSION="v$release" KUBE_GIT_COMMIT=debian KUBE_GIT_TREE_STATE=clean
export KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR="$(echo "$release" | cut -d . -f 2)"
source=$GOPATH/src/k8s.io/kubernetes
mkdir -p "${source%/*}" "$GOBIN"
echo 'workbook: unpacking the source'
# apt has checked it: its sum is in what Debian signed.
dpkg-source --no-check -x "$1" "$source" > /dev/null
cd "$source"
echo 'workbook: writing generated code'
make generated_files > /build/generated.log 2>&1 || { tail -n 5 /build/generated.log; exit 1; }

set --
for program in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
    set -- "$@" "k8s.io/kubernetes/cmd/$program"
done
flags='-s -w'
for package in component-base/version client-go/pkg/version; do
    for value in "gitVersion=v$release" gitMajor=1 "gitMinor=$KUBE_GIT_MINOR" gitCommit=debian gitTreeState=clean; do
        flags="$flags -X k8s.io/kubernetes/vendor/k8s.io/$package.$value"
    done
done
all=$(go list -deps "$@" | wc -l)
mkfifo /build/compiled
awk -v all="$all" 'NF == 1 { print "workbook: compiled", ++done, "of", all, $1; fflush(); next } { print }' \
    < /build/compiled &
go install -v -trimpath -ldflags "$flags" "$@" 2> /build/compiled
wait
go build -trimpath -ldflags '-s -w' -o "$GOBIN/pause" /build/pause.go
