"""The folders that learners of lesson 12 are given: {path: text}.

They hold no comments, so that a translation of the lesson shares them.
"""

from __future__ import annotations

DOOR = {
    "Dockerfile": """\
FROM haproxy:3.0
COPY haproxy.cfg /usr/local/etc/haproxy/haproxy.cfg
"""
}
KIOSK = {
    "stack.yaml": """\
services:
  web:
    image: registry:5000/shop:1
    command: sh -c "sleep 2; exec python -m shop.web"
    environment:
      VERSION: "1"
    deploy:
      endpoint_mode: dnsrr
      replicas: 2
      restart_policy:
        delay: 0s
  gate:
    image: registry:5000/door:1
    ports:
      - {mode: host, published: 80, target: 8080}
    deploy:
      endpoint_mode: dnsrr
      placement:
        constraints:
          - node.hostname == node-3
"""
}
FOLDERS = {"door": DOOR, "kiosk": KIOSK}
