"""The folders that learners of lesson 13 are given: {path: text}.

They hold no comments, so that a translation of the lesson shares them.
"""

from __future__ import annotations

OPENS_SECONDS = 8
BOOTH = {
    "booth.yaml": f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: booth}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: booth}}
  template:
    metadata:
      labels: {{app: booth}}
    spec:
      containers:
        - name: booth
          image: shop:1
          command: [sh, -c, "sleep {OPENS_SECONDS}; exec python -m shop.web"]
---
apiVersion: v1
kind: Service
metadata: {{name: booth}}
spec:
  type: NodePort
  selector: {{app: booth}}
  ports:
    - {{port: 80, targetPort: 8000, nodePort: 30081}}
"""
}
NEWS = {
    "news.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: news}
spec:
  replicas: 3
  selector:
    matchLabels: {app: news}
  template:
    metadata:
      labels: {app: news}
    spec:
      containers:
        - name: news
          image: shop:1
          readinessProbe:
            httpGet: {path: /readyz, port: 8000}
            periodSeconds: 1
"""
}
DELI = {
    "stack.yaml": """\
services:
  deli:
    image: shop:1
    environment: {NAME: Deli}
    secrets: [password]
    deploy:
      replicas: 2
      resources:
        reservations: {cpus: "0.1", memory: 64M}
secrets:
  password: {external: true}
"""
}
TOWN = {
    "web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: shop:1
          command: [sh, -c, "sleep 2; exec python -m shop.web"]
"""
}
FOLDERS = {"town": TOWN, "booth": BOOTH, "news": NEWS, "deli": DELI}
