#!/bin/sh
# The programs of a cluster in this container: `cluster start etcd kube-apiserver`, `cluster wait 60 etcd` until
# it answers, `cluster stop kube-scheduler`, `cluster programs`. What was started is noted, so that it can be
# started again after the container was: `cluster wanted`.
set -eu
home=/var/lib/kubernetes
log=/var/log/kubernetes
run=/run/kubernetes
pki=$home/pki
name=$(hostname)
all='etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy'
mkdir -p $home/wanted $log $run

certificate() {  # FILE COMMON-NAME ORGANIZATION [EXTENSION...]
    file=$pki/$1
    subject="/O=$3/CN=$2"
    shift 3
    printf '%s\n' '[v3]' 'keyUsage=digitalSignature' 'extendedKeyUsage=clientAuth,serverAuth' "$@" > $run/extensions
    openssl req -config $run/openssl.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$subject" \
        -keyout "$file.key" -out $run/request 2> /dev/null
    openssl x509 -req -in $run/request -CA $pki/ca.crt -CAkey $pki/ca.key -set_serial "0x$(openssl rand -hex 8)" \
        -days 3650 -extfile $run/extensions -extensions v3 -out "$file.crt" 2> /dev/null
}

kubeconfig() {  # FILE COMMON-NAME ORGANIZATION
    certificate "$1" "$2" "$3"
    cat > $home/"$1".conf <<C
apiVersion: v1
kind: Config
clusters: [{name: kubernetes, cluster: {server: "https://localhost:6443", certificate-authority: $pki/ca.crt}}]
users: [{name: "$2", user: {client-certificate: $pki/$1.crt, client-key: $pki/$1.key}}]
contexts: [{name: kubernetes, context: {cluster: kubernetes, user: "$2"}}]
current-context: kubernetes
C
}

# Each program gets a certificate of its own, as kubeadm gives them; a name says what it may do.
identities() (
    printf '%s\n' '[req]' 'distinguished_name=dn' '[dn]' '[ca]' 'basicConstraints=critical,CA:true' \
        'keyUsage=critical,keyCertSign,digitalSignature' > $run/openssl.cnf
    [ ! -f $home/admin.conf ] || exit 0
    umask 077
    mkdir -p $pki
    openssl req -x509 -config $run/openssl.cnf -extensions ca -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 3650 -subj /CN=kubernetes -keyout $pki/ca.key -out $pki/ca.crt 2> /dev/null
    openssl ecparam -name prime256v1 -genkey -noout -out $pki/service-accounts.key
    openssl ec -in $pki/service-accounts.key -pubout -out $pki/service-accounts.pub 2> /dev/null
    certificate kubelet-client kube-apiserver-kubelet-client system:masters
    kubeconfig kube-controller-manager system:kube-controller-manager system:kube-controller-manager
    kubeconfig kube-scheduler system:kube-scheduler system:kube-scheduler
    kubeconfig kubelet "system:node:$name" system:nodes
    kubeconfig kube-proxy system:kube-proxy system:node-proxier
    kubeconfig admin kubernetes-admin system:masters
)

# The container's address may be another one after a restart.
server_certificate() (
    umask 077
    certificate kube-apiserver kube-apiserver kubernetes "subjectAltName=IP:198.19.0.1,IP:127.0.0.1,IP:$(address),\
DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
)

address() { hostname -i | cut -d ' ' -f 1; }

# What kubelet would set on the machine's own kernel: it finds it set, and leaves the kernel alone.
kernel_left_alone() {
    mkdir -p $run/kernel
    for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
        kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
        path=${setting%=*}
        shown=$run/kernel/$(echo "$path" | tr / -)
        [ ! -f "$shown" ] || continue
        echo "${setting#*=}" > "$shown"
        [ ! -e "/proc/sys/$path" ] || mount --bind "$shown" "/proc/sys/$path"
    done
    [ -e /dev/kmsg ] || ln -s /dev/null /dev/kmsg
}

# The image that holds a pod's network must be there before a pod is.
pause_image() {
    docker image inspect workbook/pause:1 > /dev/null 2>&1 ||
        tar -c -C /usr/local/lib/kubernetes pause |
        docker import --change 'ENTRYPOINT ["/pause"]' - workbook/pause:1 > /dev/null
}

run_etcd() {
    exec etcd --data-dir $home/etcd --listen-client-urls http://127.0.0.1:2379 \
        --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
}
run_kube_apiserver() {
    server_certificate
    exec kube-apiserver --etcd-servers=http://127.0.0.1:2379 --service-cluster-ip-range=198.19.0.0/16 \
        --advertise-address="$(address)" --client-ca-file=$pki/ca.crt \
        --tls-cert-file=$pki/kube-apiserver.crt --tls-private-key-file=$pki/kube-apiserver.key \
        --kubelet-client-certificate=$pki/kubelet-client.crt --kubelet-client-key=$pki/kubelet-client.key \
        --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file=$pki/service-accounts.pub \
        --service-account-signing-key-file=$pki/service-accounts.key \
        --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --anonymous-auth=false \
        --insecure-port=0 --profiling=false
}
run_kube_controller_manager() {
    exec kube-controller-manager --kubeconfig=$home/kube-controller-manager.conf --bind-address=127.0.0.1 --port=0 \
        --service-account-private-key-file=$pki/service-accounts.key --root-ca-file=$pki/ca.crt \
        --use-service-account-credentials --leader-elect=false --cert-dir=$run --profiling=false
}
run_kube_scheduler() {
    exec kube-scheduler --kubeconfig=$home/kube-scheduler.conf --bind-address=127.0.0.1 --port=0 \
        --leader-elect=false --cert-dir=$run --profiling=false
}
run_kubelet() {
    kernel_left_alone
    pause_image
    exec kubelet --kubeconfig=$home/kubelet.conf --hostname-override="$name" --node-ip="$(address)" \
        --client-ca-file=$pki/ca.crt --anonymous-auth=false --authorization-mode=Webhook --cert-dir=$run \
        --fail-swap-on=false --cgroup-driver=cgroupfs --cgroups-per-qos=false --enforce-node-allocatable= \
        --pod-infra-container-image=workbook/pause:1 --oom-score-adj=0 --image-gc-high-threshold=100 \
        --eviction-hard='nodefs.available<1%' --maximum-dead-containers-per-container=0 \
        --minimum-container-ttl-duration=0s --sync-frequency=10s --node-status-update-frequency=5s
}
run_kube_proxy() {
    exec kube-proxy --kubeconfig=$home/kube-proxy.conf --hostname-override="$name" --oom-score-adj=0 \
        --proxy-mode=iptables --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 \
        --conntrack-tcp-timeout-close-wait=0 --iptables-min-sync-period=0s --cluster-cidr=198.18.0.0/24
}

answers() {
    is_running "$1" || return 1
    case $1 in
        etcd) wget -q -T 2 -O - http://127.0.0.1:2379/health | grep -q true ;;
        kube-apiserver) kubectl get --raw /readyz ;;
        # Its first deed is an account for pods, without which none can be made.
        kube-controller-manager) healthy https://127.0.0.1:10257/healthz && kubectl get serviceaccount default ;;
        kube-scheduler) healthy https://127.0.0.1:10259/healthz ;;
        kubelet) healthy http://127.0.0.1:10248/healthz && kubectl wait --for=condition=Ready --timeout=1s node "$name" ;;
        kube-proxy) healthy http://127.0.0.1:10256/healthz ;;
    esac > /dev/null 2>&1
}
healthy() { wget -q -T 2 --no-check-certificate -O - "$1"; }

# A process that has ended and that nobody has collected yet does not run.
is_running() {
    [ -f "$run/$1.pid" ] && state=$(sed -n 's/^State:[[:space:]]*//p' "/proc/$(cat "$run/$1.pid")/status" 2> /dev/null) &&
        case $state in '' | Z* | X*) false ;; esac
}

start() {
    identities
    for program in "$@"; do
        : > "$home/wanted/$program"
        if ! is_running "$program"; then
            setsid "$0" run "$program" > "$log/$program.log" 2>&1 < /dev/null &
            echo $! > "$run/$program.pid"
        fi
    done
}

# Waits for so many seconds; then, or once one has ended by itself, it tells which and the end of its log.
wait_for() {
    end=$(($(date +%s) + $1))
    shift
    for program in "$@"; do
        until answers "$program"; do
            if ! is_running "$program" || [ "$(date +%s)" -ge $end ]; then
                echo "$program"
                tail -n 4 "$log/$program.log"
                return 1
            fi
            sleep 0.2
        done
    done
}

stop() {
    for program in "$@"; do
        rm -f "$home/wanted/$program"
        ! is_running "$program" || kill "$(cat "$run/$program.pid")" || true
    done
    for program in "$@"; do
        tries=0
        while is_running "$program"; do
            tries=$((tries + 1))
            [ $tries -lt 100 ] || kill -9 "$(cat "$run/$program.pid")" || true
            sleep 0.1
        done
    done
}

action=$1
shift
case $action in
    run) "run_$(echo "$1" | tr - _)" ;;
    start) start "$@" ;;
    stop) stop "$@" ;;
    wait) wait_for "$@" ;;
    version) kubelet --version ;;
    programs) for program in $all; do ! is_running "$program" || echo "$program"; done ;;
    wanted) for program in $all; do [ ! -f "$home/wanted/$program" ] || echo "$program"; done ;;
    *) echo "usage: cluster start|stop|programs|wanted|version [PROGRAM...]" >&2; exit 2 ;;
esac
