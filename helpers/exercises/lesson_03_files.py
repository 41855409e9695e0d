"""The folders that learners of lesson 03 are given: {path: text}.

They hold no comments, so that a translation of the lesson shares them.
"""

from __future__ import annotations

MENU = "".join(f"<li>{what}\n" for what in ("Rye", "Spelt", "Walnut", "Poppy seed", "Olive"))
ROUNDS = 80

BAKERY = {
    "Dockerfile": (
        'FROM busybox:1.37\nWORKDIR /srv\nCOPY . .\nRUN sh prepare.sh\nCMD ["sh", "serve.sh"]\n'
    ),
    "recipes.txt": "rye\nspelt\nwalnut\npoppy seed\nolive\n",
    "prepare.sh": (
        "grep -q . recipes.txt || exit 1\n"
        f"for round in $(seq {ROUNDS}); do\n"
        "  while read -r recipe; do echo $recipe | sha256sum; done < recipes.txt\n"
        "done > catalogue.txt\n"
        "date >> catalogue.txt\n"
    ),
    "serve.sh": "echo Bakery, edition 1\nexec httpd -f -p 80 -h /srv\n",
}

PRESS_TOOL_BYTES = 6_000_000
PRESS_DRAFT_BYTES = 3_000_000
PRESS = {
    "Dockerfile": (
        "FROM busybox:1.37\n"
        "WORKDIR /press\n"
        "COPY . .\n"
        "RUN sh fetch-tool.sh\n"
        "RUN sh print.sh\n"
        "RUN rm -r /tool\n"
        'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n'
    ),
    "pages/index.html": f"<h1>The daily bread</h1>\n<ul>\n{MENU}</ul>\n",
    "pages/hours.html": "<p>Open from six to six.\n",
    "drafts/photos.raw": "draft\n" * (PRESS_DRAFT_BYTES // 6),
    "fetch-tool.sh": (f"mkdir -p /tool\nhead -c {PRESS_TOOL_BYTES} /dev/zero > /tool/press\n"),
    "print.sh": (
        "test -e /tool/press || exit 1\n"
        "mkdir -p /www\n"
        'for page in pages/*; do sed "s/daily/weekly/" $page > /www/$(basename $page); done\n'
    ),
}

FOLDERS = {"bakery": BAKERY, "press": PRESS}
