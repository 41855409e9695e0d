"""A node of Kubernetes with its control plane, and its programs, which are compiled."""

from __future__ import annotations

from helpers.model.supply.recipe import StandInRecipe

KUBERNETES_PROGRAMS = StandInRecipe(
    variant="minbase",
    packages=("golang-1.19-go", "dpkg-dev", "rsync"),
    script="kubernetes-programs.sh",
    instructions=(),
    labelled_packages=("golang-1.19-go",),
    suite="bookworm",
    sources=("kubernetes",),
)
KUBERNETES = StandInRecipe(
    variant="extract",
    packages=("busybox-static", "ca-certificates", "etcd-server", "openssl", "conntrack"),
    script="kubernetes.sh",
    instructions=(
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "ENV KUBECONFIG=/var/lib/kubernetes/admin.conf",
        "VOLUME /var/lib/docker",
        'ENTRYPOINT ["dockerd-entrypoint.sh"]',
        "CMD []",
    ),
    labelled_packages=("busybox-static", "etcd-server"),
    tree="docker",
    part=KUBERNETES_PROGRAMS,
    scripts=("dind-layout.sh", "dind-entrypoint.sh"),
)
