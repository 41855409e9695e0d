"""The folders that learners of lesson 13 are given: {path: text}.

They hold no comments, so that a translation of the lesson shares them.
"""

from __future__ import annotations

OPENS_SECONDS = 8
KIOSK = {
    "kiosk.yaml": f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: kiosk}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: kiosk}}
  template:
    metadata:
      labels: {{app: kiosk}}
    spec:
      containers:
        - name: kiosk
          image: shop:1
          command: [sh, -c, "sleep {OPENS_SECONDS}; exec python -m shop.web"]
---
apiVersion: v1
kind: Service
metadata: {{name: kiosk}}
spec:
  type: NodePort
  selector: {{app: kiosk}}
  ports:
    - {{port: 80, targetPort: 8000, nodePort: 30081}}
"""
}
PRESS = {
    "press.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: press}
spec:
  replicas: 3
  selector:
    matchLabels: {app: press}
  template:
    metadata:
      labels: {app: press}
    spec:
      containers:
        - name: press
          image: shop:1
          readinessProbe:
            httpGet: {path: /readyz, port: 8000}
            periodSeconds: 1
"""
}
CAFE = {
    "stack.yaml": """\
services:
  cafe:
    image: shop:1
    environment: {NAME: Cafe}
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
FOLDERS = {"town": TOWN, "kiosk": KIOSK, "press": PRESS, "cafe": CAFE}
