"""The images that the workbook itself uses: one to look, try and probe with, one of nodes, one of
a cluster of Kubernetes.
"""

TOOL_IMAGE = "busybox:1.37"
NODE_IMAGE = "docker:28-dind"
KUBERNETES_IMAGE = "workbook/kubernetes:1.20"
