"""The folder that learners of lesson 01 are given: {path: text}.

It holds no comments, so that a translation of the lesson shares it.
"""

from __future__ import annotations

CRATE = {
    "Dockerfile": (
        "FROM busybox:1.37\n"
        "RUN mkdir -p /srv/shop && echo open > /srv/shop/state\n"
        "RUN head -c 300000 /dev/zero > /srv/shop/server; chmod 700 /srv/shop/server\n"
        "RUN cd /var && for n in index cache; do head -c 1500000 /dev/zero > $n.bin; done\n"
        "ENV SHOP=open\n"
        "RUN echo $SHOP > /etc/motd\n"
    ),
}

FOLDERS = {"crate": CRATE}
