"""The folders that learners of lesson 04 are given: {path: text}.

They hold no comments, so that a translation of the lesson shares them.
"""

from __future__ import annotations

from hashlib import sha256

TOKEN = "kT7-lemon-2291-zest"
LETTER = "Dear customers, the oven is warm again.\n"
SIGNATURE = sha256(f"{LETTER}{TOKEN}\n".encode()).hexdigest()
VAULT = {
    "Dockerfile": (
        "FROM busybox:1.37\n"
        "WORKDIR /srv\n"
        "COPY . .\n"
        "RUN sh sign.sh\n"
        "RUN rm token.txt\n"
        'CMD ["cat", "/srv/letter.signed"]\n'
    ),
    "letter.txt": LETTER,
    "token.txt": f"{TOKEN}\n",
    "sign.sh": (
        "token=$(cat ${1:-token.txt})\n"
        "cat letter.txt > letter.signed\n"
        '(cat letter.txt; echo "$token") | sha256sum >> letter.signed\n'
    ),
}

TEA = {
    "Dockerfile": (
        'FROM busybox:1.37\nENV KIND=black\nCMD ["sh", "-c", "echo A cup of $KIND tea"]\n'
    ),
}

DESK = {
    "Dockerfile": "FROM busybox:1.37\nRUN date > /baked\n",
    "team.env": "TEAM=brewery\nBAKER=Grace\n",
}

FOLDERS = {"vault": VAULT, "tea": TEA, "desk": DESK}
