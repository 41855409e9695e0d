"""The folders that learners of lesson 11 are given: {path: text}.

They hold no comments, so that a translation of the lesson shares them.
"""

from __future__ import annotations

CAFE_PASSWORD = "cinnamon"
OFFICE_PASSWORD = "brass-stapler-5107"
CAFE = {
    "compose.yaml": f"""\
services:
  web:
    image: shop
    environment:
      POSTGRES_HOST: db
      POSTGRES_PASSWORD: {CAFE_PASSWORD}
    ports:
      - 127.0.0.1:${{PORT:-4111}}:8000
    depends_on:
      - db
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: {CAFE_PASSWORD}
    volumes:
      - data:/var/lib/postgresql/data
  tool:
    image: busybox:1.37
    command: sleep 3600
    stop_grace_period: 0s
    profiles:
      - debug
volumes:
  data:
"""
}
OFFICE = {
    "compose.yaml": f"""\
services:
  web:
    image: shop
    environment:
      POSTGRES_HOST: db
      POSTGRES_PASSWORD: {OFFICE_PASSWORD}
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: {OFFICE_PASSWORD}
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: pg_isready -h 127.0.0.1 -U postgres
      interval: 500ms
      retries: 60
volumes:
  data:
""",
    "password.txt": f"{OFFICE_PASSWORD}\n",
}
SHOP = {"seed/items.sql": "SELECT pg_sleep(5);\n"}
FOLDERS = {"shop": SHOP, "cafe": CAFE, "office": OFFICE}
